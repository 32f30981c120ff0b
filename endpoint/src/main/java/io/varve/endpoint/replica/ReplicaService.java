package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.Backlog;
import io.varve.dr.replica.Fork;
import io.varve.dr.replica.Lag;
import io.varve.dr.replica.MergeRule;
import io.varve.dr.replica.PeerReport;
import io.varve.dr.replica.Primary;
import io.varve.dr.replica.RecordBatch;
import io.varve.dr.replica.RecordMerge;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.StandbyAgent;
import io.varve.dr.replica.Terms;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.ReplicaState;
import io.varve.endpoint.site.SiteReplica;
import io.varve.endpoint.tls.PrivateFile;
import io.varve.journal.StoredJournal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A site's part in a pair, while it is open: follows the other one or watches it, hands the lead
 * over and takes it. Safe for use by many threads; one of its own looks at the other site.
 *
 * <p>A site that has led before it was started takes no changes until the other one has said that
 * it does not lead. One that learns that the other leads in a newer term is overtaken: it takes no
 * changes from then on, and asks to be opened anew, since its journal has to be cut.
 */
public final class ReplicaService implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ReplicaService.class.getName());
    private static final long LOOK_MS = 2_000;
    private static final long LOOK_UNCONFIRMED_MS = 500;

    /** How long a site that hands over takes no changes before it takes them again. */
    private static final Duration HANDOVER = Duration.ofSeconds(12);

    /** In which the other one takes over, or does not: earlier, whatever the clocks do. */
    private static final Duration TAKEOVER = Duration.ofSeconds(8);

    /** What a question may spend on counting what the standby lacks. */
    private static final long COUNTING_MS = 5;

    /** An answer must not take longer than the other site waits for it. */
    private static final int ANSWER_SECONDS = 5;

    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final UUID siteId;
    private final SiteReplica site;
    private final ReplicaSettings settings;
    private final ReplicaTokens tokens;
    private final Shipping shipping;
    private final Backlog backlog;
    private final ShippingPace pace;
    private volatile ShippingLimits limits;
    private final LagAlert alert;
    private final Verifier verifier;
    private final OpenedView openedView;
    private final Drill drill;
    private final MergeIntake intake;
    private final Divergences divergences;
    private final Runnable reopen;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final AtomicLong shippedBytes = new AtomicLong();
    private final long openedNanos = System.nanoTime();
    private volatile String ownUrl = "";

    /** What the standby has on media, and when it last said so. */
    private volatile long standbyPosition = -1;

    private volatile long standbyNanos;

    private volatile boolean closing;
    private boolean awake;
    private boolean introduced;
    private boolean overtaken;
    private long handoverUntilNanos;
    private boolean handingOver;
    private String told = "";
    private volatile @Nullable HttpPrimary peer;
    private ReplicaState.@Nullable Peer peerOf;
    private volatile @Nullable StandbyAgent agent;

    /**
     * @param reopen called once the site has to be opened anew; must return at once
     */
    public ReplicaService(EmbeddedSite site, ReplicaSettings settings, Runnable reopen) {
        this.siteId = site.id();
        this.site = site.replica();
        this.settings = settings;
        this.tokens = new ReplicaTokens(this.site.directory());
        this.shipping = new Shipping(this.site.journal());
        this.limits = settings.limits().kept(this.site.directory());
        this.pace = new ShippingPace(limits.bytesPerSecond(), System::nanoTime);
        this.backlog = new Backlog(this.site.journal());
        this.alert = new LagAlert(settings.alertAge());
        this.verifier = new Verifier(this.site, settings.verifyPeriod());
        this.drill = new Drill(this.site);
        this.openedView = new OpenedView(this.site);
        this.intake = new MergeIntake(this.site);
        this.divergences = new Divergences(siteId, this.site);
        this.site.synchronous(settings.sync());
        this.reopen = reopen;
        this.thread = Thread.ofPlatform().name("varve-replica").daemon().unstarted(this::run);
    }

    /**
     * Begins to follow or to watch the other site.
     *
     * @param url where the other site reaches this one
     */
    public void start(String url) {
        ownUrl = url;
        thread.start();
    }

    OpenedView openedView() {
        return openedView;
    }

    SiteReplica site() {
        return site;
    }

    public ReplicaTokens tokens() {
        return tokens;
    }

    /**
     * Waits until so many bytes may be sent to the other site.
     *
     * @throws InterruptedIOException when interrupted
     */
    void shipping(int bytes) throws InterruptedIOException {
        pace.await(bytes);
        shippedBytes.addAndGet(bytes);
    }

    /** How things are sent to the other site. */
    public ShippingLimits limits() {
        return limits;
    }

    /**
     * Has things be sent in another way from now on, after a restart too.
     *
     * @throws ReplicaException when that cannot be kept; nothing has changed then
     */
    public void limits(ShippingLimits now) {
        now.keep(site.directory());
        limits = now;
        pace.bytesPerSecond(now.bytesPerSecond());
    }

    /** Bytes of records and blobs that the other site has been sent. */
    public long shippedBytes() {
        return shippedBytes.get();
    }

    void standbyHas(long position) {
        site.standbyHas(position);
        backlog.standbyHas(position);
        standbyPosition = position;
        standbyNanos = System.nanoTime();
    }

    /** Up to where the standby has everything on media, as it last said; -1 for never. */
    public long standbyPosition() {
        return standbyPosition;
    }

    /** How long ago it said so. */
    public Duration standbySilence() {
        return Duration.ofNanos(System.nanoTime() - standbyNanos);
    }

    public ReplicaState state() {
        return site.state();
    }

    public StoredJournal journal() {
        return site.journal();
    }

    public boolean writable() {
        return site.writable();
    }

    /** Whether changes wait for a standby at this moment. */
    public boolean waitsForStandby() {
        return site.waitsForStandby();
    }

    public long appliedPosition() {
        return site.appliedPosition();
    }

    /** How far it is behind; empty while it does not follow. */
    public Optional<Lag> lag() {
        return Optional.ofNullable(agent).map(StandbyAgent::lag);
    }

    /**
     * Begins to compare this standby with its primary.
     *
     * @param deep whether every blob is read
     * @throws ReplicaException when it is no standby, or is at it already
     */
    public void verify(boolean deep) {
        StandbyAgent following = agent;
        HttpPrimary other = peer;
        if (following == null || other == null) {
            throw new ReplicaException("this site is no standby that could be compared");
        }
        verifier.start(other, following, deep);
    }

    /**
     * Begins to rehearse a failover, on a copy.
     *
     * @throws ReplicaException when it is no standby, or is at it already
     */
    public void drill() {
        StandbyAgent following = agent;
        if (following == null) {
            throw new ReplicaException("this site is no standby that could take over");
        }
        drill.start(following::lag);
    }

    /** What the last drill came to, as a document. */
    public ObjectNode drilled() {
        return drill.document();
    }

    /** When every blob was last read and found to be right, or brought again; null for never. */
    public @Nullable Instant lastFullPass() {
        return verifier.state().lastFullPass();
    }

    /** What verifications have found, as a document. */
    public ObjectNode verification() {
        return VerificationDocument.of(verifier.state());
    }

    /** What the standby lacks, as far as it can be counted in so many milliseconds. */
    public Backlog.Now backlog(long patienceMs) {
        return backlog.now(patienceMs);
    }

    /** Whether the standby is further behind than it may be; of either site of the pair. */
    public boolean tooFarBehind() {
        return alert.raised();
    }

    /**
     * Begins to bring what was set aside here into the journal of the pair.
     *
     * @throws ReplicaException when there is nobody to take it
     */
    public void merge(MergeRule rule, Divergences.Choice choice) {
        if (!site.state().follows()) {
            divergences.merge(rule, choice, items -> taken(items, null));
            return;
        }
        lock.lock();
        try {
            divergences.merge(rule, choice, peer());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was set aside here and what has become of it, as a document.
     *
     * @throws ReplicaException when it cannot be read
     */
    public ObjectNode divergence(boolean records) {
        return divergences.document(records);
    }

    // What the other site asks.

    private List<RecordMerge.Answer> taken(List<RecordMerge.Item> items, @Nullable Primary from) {
        try {
            return intake.submit(items, from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReplicaException("interrupted", e);
        }
    }

    /** Takes records that the other site had set aside, which has their blobs. */
    JsonNode merged(List<RecordMerge.Item> items) {
        HttpPrimary other;
        lock.lock();
        try {
            other = peer();
        } finally {
            lock.unlock();
        }
        ObjectNode document = Json.object();
        ArrayNode answers = document.putArray("answers");
        for (RecordMerge.Answer answer : taken(items, other)) {
            ObjectNode told = answers.addObject();
            told.put("state", answer.state().toString());
            told.put("place", answer.place());
            told.put("reason", answer.reason());
        }
        return document;
    }

    /** Records for the standby, which has everything before them on media. */
    RecordBatch records(long fromPosition, Duration wait) throws InterruptedException {
        standbyHas(fromPosition - 1);
        RecordBatch batch = shipping.next(fromPosition, wait, pace.bytesIn(ANSWER_SECONDS));
        backlog.sent(batch.records());
        Backlog.Now now = backlog.now(COUNTING_MS);
        return new RecordBatch(batch.records(), now.endPosition(), now.bytes());
    }

    JsonNode report() {
        StoredJournal journal = site.journal();
        long end = journal.endPosition();
        boolean leads = !site.state().follows() && journal.leads();
        ObjectNode report = Json.object();
        report.put("site", siteId.toString());
        report.put("leads", leads);
        report.put("writable", site.writable());
        report.put("writer_epoch", journal.writerEpoch());
        report.put("end_position", end);
        report.put("end_chain", Fork.chain(journal, end));
        return report;
    }

    JsonNode keys() {
        requireFiles();
        ObjectNode keys = Json.object();
        keys.put("site", siteId.toString());
        keys.put("names_by_account", settings.namesByProject());
        ObjectNode files = keys.putObject("files");
        settings.keyFiles().read().forEach(files::put);
        return keys;
    }

    private void requireFiles() {
        if (!settings.journalInFiles()) {
            throw new ReplicaException(
                    "one of a pair of sites has its journal in files, not on Kafka");
        }
    }

    JsonNode introduced(JsonNode standby, String token) {
        requireFiles();
        String url = standby.path("url").asText();
        if (url.isEmpty() || site.state().follows()) {
            throw new ReplicaException(
                    url.isEmpty() ? "where is the standby?" : "this site is a standby itself");
        }
        keepAuthority(standby.path("ca").asText());
        site.change(now -> now.withPeer(new ReplicaState.Peer(url, token)));
        LOG.log(Level.INFO, "a standby follows this site: {0}", url);
        return Json.object().put("accepted", true);
    }

    private void keepAuthority(String certificate) {
        Path file = site.directory().resolve(ReplicaState.CA_FILE_NAME);
        try {
            if (!certificate.isEmpty()) {
                PrivateFile.write(file, certificate);
            }
        } catch (IOException e) {
            throw new ReplicaException("the standby's certificate cannot be kept: " + e, e);
        }
    }

    JsonNode beginHandover() throws InterruptedException {
        if (!site.writable()) {
            throw new ReplicaException("this site takes no changes that it could hand over");
        }
        lock.lock();
        try {
            handingOver = true;
            handoverUntilNanos = System.nanoTime() + HANDOVER.toNanos();
        } finally {
            lock.unlock();
        }
        if (!site.pause("The site hands over to its standby: try again in a moment.", DRAIN)) {
            cancelHandover();
            throw new ReplicaException("changes that were under way did not end in time");
        }
        return report();
    }

    JsonNode cancelHandover() {
        lock.lock();
        try {
            if (handingOver && !overtaken) {
                handingOver = false;
                site.resume();
                LOG.log(Level.WARNING, "the handover was given up: this site takes changes again");
            }
        } finally {
            lock.unlock();
        }
        return report();
    }

    JsonNode woken() {
        wake();
        return report();
    }

    private void wake() {
        lock.lock();
        try {
            awake = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // What it does by itself.

    private void run() {
        while (!closing) {
            long pauseMs = LOOK_MS;
            try {
                pauseMs = look();
                told = "";
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                String trouble = String.valueOf(e.getMessage());
                if (!trouble.equals(told) && !closing) {
                    LOG.log(Level.WARNING, "the pair of sites: " + trouble);
                    LOG.log(Level.DEBUG, trouble, e);
                }
                told = trouble;
            }
            pause(pauseMs);
        }
    }

    private void pause(long ms) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(ms);
            while (!awake && !closing && left > 0) {
                left = woken.awaitNanos(left);
            }
            awake = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private long look() throws InterruptedException {
        watchLag();
        openedView.tidy();
        HttpPrimary other;
        boolean follows;
        lock.lock();
        try {
            ReplicaState state = site.state();
            if (state.peer() == null || overtaken) {
                return LOOK_MS;
            }
            other = peer();
            follows = state.follows();
            if (follows) {
                follow(other);
            }
        } finally {
            lock.unlock();
        }
        // Without the lock: whoever promotes must not wait for a site that does not answer.
        if (!follows) {
            return watch(other);
        }
        introduce(other);
        return LOOK_MS;
    }

    private void watchLag() {
        if (site.state().peer() != null) {
            Optional<Lag> lag = lag();
            alert.see(lag.isPresent() ? lag.get().ageNanos(System.nanoTime()) : unshippedNanos());
        }
    }

    /** A standby that has not been heard of since the start lacks at least what came since. */
    private long unshippedNanos() {
        Backlog.Now now = backlog.now(COUNTING_MS);
        return now.records() < 0
                ? System.nanoTime() - openedNanos
                : LagAlert.ageNanos(now, Instant.now());
    }

    private void follow(HttpPrimary other) {
        StandbyAgent following = agent;
        if (following == null) {
            agent = StandbyAgent.start(other, site);
        } else {
            verifier.startIfDue(other, following);
        }
    }

    private void introduce(HttpPrimary other) {
        if (!introduced) {
            ObjectNode self = Json.object();
            self.put("site", siteId.toString());
            self.put("url", ownUrl);
            self.put("ca", ownAuthority());
            other.introduce(self);
            introduced = true;
        }
    }

    private String ownAuthority() {
        try {
            Path file = settings.certificateFile();
            return ownUrl.startsWith("https:") && Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new ReplicaException("the certificate cannot be read: " + e, e);
        }
    }

    private HttpPrimary peer() {
        ReplicaState.Peer wanted = site.state().peer();
        HttpPrimary open = peer;
        if (wanted == null) {
            throw new ReplicaException("this site has no other one");
        }
        if (open == null || !wanted.equals(peerOf)) {
            if (open != null) {
                open.close();
            }
            open = HttpPrimary.of(wanted, site.directory());
            peer = open;
            peerOf = wanted;
        }
        return open;
    }

    private long watch(HttpPrimary other) throws InterruptedException {
        endHandover();
        PeerReport report = other.report();
        ReplicaState state = site.state();
        if (Overtaking.leadsNow(report, state)) {
            overtake(other);
            return LOOK_MS;
        }
        if (site.journal().leads()) {
            return LOOK_MS;
        }
        if (report.leads() && Terms.of(report.writerEpoch()) == state.term()) {
            throw new ReplicaException(
                    "the other site leads in the same term: which of them goes on, varve dr promote"
                            + " --force decides");
        }
        confirm(other, report);
        return site.journal().leads() ? LOOK_MS : LOOK_UNCONFIRMED_MS;
    }

    /** The standby must not have anything that this site has lost. */
    private void confirm(HttpPrimary other, PeerReport report) throws InterruptedException {
        StoredJournal journal = site.journal();
        boolean whole =
                report.endPosition() <= journal.endPosition()
                        && Fork.chain(journal, report.endPosition()).equals(report.endChain());
        if (!whole) {
            throw new ReplicaException(
                    "the standby at %s has records that this site has not: promote it, or this one"
                            .formatted(other.url()));
        }
        site.lead();
        LOG.log(Level.INFO, "this site leads: the other one does not");
    }

    private void overtake(HttpPrimary other) {
        lock.lock();
        try {
            overtaken = true;
            site.refuse(other.url());
        } finally {
            lock.unlock();
        }
        LOG.log(
                Level.WARNING,
                "the other site has taken over: this one becomes its standby, opened anew");
        reopen.run();
    }

    private void endHandover() {
        lock.lock();
        try {
            if (handingOver && System.nanoTime() - handoverUntilNanos > 0) {
                cancelHandover();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the lead.
     *
     * @param force without the other site: what it has and this one has not is lost to clients,
     *     until it is merged back
     * @return what came of it, for people and programs
     * @throws ReplicaException when the other site cannot hand over; nothing has changed then
     */
    public Promotion promote(boolean force) throws InterruptedException {
        long beganNanos = System.nanoTime();
        lock.lock();
        try {
            if (site.journal().leads()) {
                throw new ReplicaException("this site leads already");
            }
            long behind = force ? lag().map(Lag::records).orElse(0L) : 0;
            if (!force) {
                drain(peer(), beganNanos + TAKEOVER.toNanos());
            }
            takeLead();
            long durationMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
            LOG.log(
                    Level.WARNING,
                    "this site leads from now on: term {0}, after {1} ms, {2} records of the other"
                            + " site were known to be missing",
                    site.state().term(),
                    durationMs,
                    behind);
            return new Promotion(
                    site.state().term(), site.journal().endPosition(), durationMs, behind);
        } finally {
            lock.unlock();
            tellOther();
        }
    }

    /** What a promotion came to. */
    public record Promotion(long term, long position, long durationMs, long recordsMissing) {}

    private void drain(HttpPrimary other, long deadlineNanos) throws InterruptedException {
        JsonNode handed = other.handOver(true);
        long end = handed.path("end_position").asLong(-1);
        StoredJournal journal = site.journal();
        long leftNanos = deadlineNanos - System.nanoTime();
        boolean here =
                end >= 0
                        && journal.awaitDurable(end, Duration.ofNanos(Math.max(0, leftNanos)))
                        && Fork.chain(journal, end).equals(handed.path("end_chain").asText())
                        && deadlineNanos - System.nanoTime() > 0;
        if (!here) {
            other.handOver(false);
            throw new ReplicaException(
                    "the records of the other site did not come in time: here %d, there %d"
                            .formatted(journal.endPosition(), end));
        }
    }

    private void takeLead() throws InterruptedException {
        StandbyAgent following = agent;
        agent = null;
        if (following != null) {
            following.close();
        }
        site.change(
                now -> {
                    long known = Math.max(now.term(), Terms.of(site.journal().writerEpoch()));
                    return now.withRole(ReplicaState.Role.PRIMARY, known + 1);
                });
        site.lead();
    }

    private void tellOther() {
        HttpPrimary other = peer;
        if (other == null || !site.journal().leads()) {
            return;
        }
        Thread.ofVirtual()
                .name("varve-replica-wake")
                .start(
                        () -> {
                            try {
                                other.wake();
                            } catch (ReplicaException e) {
                                LOG.log(Level.INFO, "the other site is not told: {0}", e);
                            }
                        });
    }

    @Override
    public void close() {
        closing = true;
        wake();
        verifier.close();
        divergences.close();
        openedView.close();
        drill.close();
        intake.close();
        StandbyAgent following = agent;
        if (following != null) {
            following.close();
        }
        HttpPrimary open = peer;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        shipping.close();
        backlog.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
