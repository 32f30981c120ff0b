package io.varve.endpoint.sync;

import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.StoreException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

import javax.net.ssl.SSLSocketFactory;

/**
 * Sends what is new, changed and deleted in containers that are to be the same elsewhere. What
 * there was before is sent once, in key order; from then on it follows the journal. How far it has
 * got is a setting of each bucket, so it goes on after a crash where it was: at worst it asks the
 * other site again about what is there already.
 *
 * <p>A site that does not answer is left alone for longer and longer, up to five minutes, and so is
 * an object that a site refuses; the others go on. Started once; {@link #close} waits for what is
 * under way.
 */
public final class SyncAgent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SyncAgent.class.getName());
    private static final String PRINCIPAL = "varve:container-sync";

    private static final int PAGE = 500;
    private static final int BUCKETS = 1000;
    private static final int AT_A_TIME = 8;
    private static final int SAVE_RECORDS = 20_000;
    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long FAULT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What any push may take, beside the time for its bytes. */
    private static final Duration PUSH_TIMEOUT = Duration.ofMinutes(2);

    private static final long SLOWEST_BYTES_PER_SECOND = 64 << 10;

    private final ObjectStore store;
    private final SyncSource source;
    private final Settings settings;
    private final SyncPace pace;
    private final SyncFeed feed;
    private final Map<Long, SyncedContainer> containers = new LinkedHashMap<>();
    private final ExecutorService pushers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;
    private final long beganNanos = System.nanoTime();
    private volatile boolean closing;
    private volatile long pendingCount;
    private final LongAdder sentCount = new LongAdder();
    private long savedNanos;

    /**
     * @param tls makes connections to sites whose URL is https
     * @param bytesPerSecond to all sites together
     */
    public record Settings(SyncRealms realms, SSLSocketFactory tls, long bytesPerSecond) {}

    private SyncAgent(
            ObjectStore store,
            LongFunction<RecordReader> journal,
            SyncSource source,
            Settings settings) {
        this.store = store;
        this.source = source;
        this.settings = settings;
        this.pace = new SyncPace(settings.bytesPerSecond(), System::nanoTime);
        this.feed = new SyncFeed(journal, store.view().appliedPosition());
        this.thread =
                Thread.ofPlatform().name("varve-container-sync").daemon().unstarted(this::run);
    }

    /**
     * @param journal a reader of the site's records from a position on
     */
    public static SyncAgent start(
            ObjectStore store,
            LongFunction<RecordReader> journal,
            SyncSource source,
            Settings settings) {
        SyncAgent agent = new SyncAgent(store, journal, source, settings);
        agent.thread.start();
        return agent;
    }

    /** How many objects are known to be different elsewhere, of those that have been looked at. */
    public long pendingCount() {
        return pendingCount;
    }

    /** How many objects were put or deleted elsewhere since the start. */
    public long sentCount() {
        return sentCount.sum();
    }

    private void run() {
        boolean found = false;
        while (!closing) {
            long pause;
            try {
                if (!found) {
                    findContainers();
                    found = true;
                }
                pause = turn() > 0 ? 0 : IDLE_PAUSE_NANOS;
            } catch (RuntimeException e) {
                if (!closing) {
                    LOG.log(Level.WARNING, "container sync is held up and will try again", e);
                }
                pause = FAULT_PAUSE_NANOS;
            }
            if (pause > 0 && !closing) {
                LockSupport.parkNanos(this, pause);
            }
        }
    }

    private long now() {
        return System.nanoTime() - beganNanos + 1;
    }

    private void findContainers() {
        String after = null;
        do {
            List<Bucket> buckets = store.view().buckets(null, "", after, BUCKETS);
            buckets.forEach(bucket -> refresh(bucket.id()));
            after = buckets.size() < BUCKETS ? null : buckets.getLast().storedName();
        } while (after != null);
    }

    private void refresh(long bucketId) {
        Optional<Bucket> bucket = store.view().bucket(bucketId);
        Map<String, String> set = bucket.isEmpty() ? Map.of() : bucket.get().settings();
        String to = set.get(SyncSettings.TO);
        String key = set.get(SyncSettings.KEY);
        SyncTarget target = to == null || key == null ? null : target(bucketId, to);
        SyncedContainer known = containers.get(bucketId);
        if (target == null || key == null) {
            containers.remove(bucketId);
        } else if (known == null || !known.isOf(target, key)) {
            Progress progress =
                    Progress.decode(set.get(SyncSettings.PROGRESS))
                            .filter(p -> p.target().equals(target.url().toString()))
                            .filter(p -> p.position() <= feed.frontPosition())
                            .orElseGet(
                                    () ->
                                            new Progress(
                                                    target.url().toString(),
                                                    feed.frontPosition(),
                                                    ""));
            containers.put(bucketId, new SyncedContainer(bucketId, target, key, progress));
        }
    }

    private @Nullable SyncTarget target(long bucketId, String to) {
        try {
            return SyncTarget.of(to, settings.realms());
        } catch (SyncException e) {
            LOG.log(Level.WARNING, "container {0} cannot be synced: {1}", bucketId, e.reason());
            return null;
        }
    }

    /** One turn: reads a batch of the journal, then sends a few objects of each container. */
    private int turn() {
        int read = feed.poll(containers.values(), store.view().appliedPosition(), this::refresh);
        containers.values().forEach(this::list);
        int sent = pushAll();
        pendingCount = containers.values().stream().mapToLong(SyncedContainer::pendingCount).sum();
        if (now() - savedNanos >= SAVE_NANOS) {
            savedNanos = now();
            containers.values().forEach(this::save);
        }
        return read + sent;
    }

    private void list(SyncedContainer container) {
        String after = container.listedThrough();
        if (after == null || !container.wantsListing()) {
            return;
        }
        ListPage page =
                store.view()
                        .list(
                                new ListQuery(
                                        container.bucketId(),
                                        "",
                                        "",
                                        after.isEmpty() ? null : after,
                                        PAGE));
        List<String> keys = page.objects().stream().map(ObjectVersion::key).toList();
        container.listed(keys, page.next() == null || keys.isEmpty() ? null : keys.getLast());
    }

    private int pushAll() {
        List<SyncPush> pushes = new ArrayList<>();
        for (SyncedContainer container : containers.values()) {
            for (SyncPush.Job job : container.due(AT_A_TIME, now())) {
                pushes.add(new SyncPush(store, source, settings.tls(), pace, job));
            }
        }
        List<Future<SyncPush.Result>> results = new ArrayList<>();
        pushes.forEach(push -> results.add(pushers.submit(push::run)));
        int settled = 0;
        for (int i = 0; i < pushes.size(); i++) {
            SyncPush.Result result = await(pushes.get(i), results.get(i));
            settled += settle(pushes.get(i).job(), result) ? 1 : 0;
        }
        return settled;
    }

    private SyncPush.Result await(SyncPush push, Future<SyncPush.Result> future) {
        long sizeBytes =
                store.view()
                        .latest(push.job().bucketId(), push.job().key())
                        .map(ObjectVersion::sizeBytes)
                        .orElse(0L);
        long slowest = Math.min(SLOWEST_BYTES_PER_SECOND, settings.bytesPerSecond());
        Duration limit = PUSH_TIMEOUT.plusSeconds(sizeBytes * AT_A_TIME / slowest);
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            push.abort();
            return new SyncPush.Result.Away("it took too long");
        } catch (InterruptedException _) {
            push.abort();
            return new SyncPush.Result.Away("the site is closing");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException fault) {
                return new SyncPush.Result.Away("an object cannot be read: " + fault.getMessage());
            }
            LOG.log(Level.ERROR, "an object cannot be sent: " + push.job(), e.getCause());
            return new SyncPush.Result.Refused(0);
        }
    }

    private boolean settle(SyncPush.Job job, SyncPush.Result result) {
        SyncedContainer container = containers.get(job.bucketId());
        if (container == null) {
            return false;
        }
        boolean first = container.settled(job.key(), result, now());
        if (result instanceof SyncPush.Result.Same(boolean sent)) {
            sentCount.add(sent ? 1 : 0);
            return true;
        }
        if (first && !closing) {
            LOG.log(
                    Level.WARNING,
                    "container sync to {0} is held up and will be tried again: {1}",
                    job.target().url(),
                    switch (result) {
                        case SyncPush.Result.Away(String why) -> why;
                        case SyncPush.Result.Refused(int status) ->
                                "an object is refused with status " + status + ": " + job.key();
                        case SyncPush.Result.Same _ -> "";
                    });
        }
        return false;
    }

    /**
     * Journal records that say nothing new of a container count only when they have become many.
     */
    private void save(SyncedContainer container) {
        Progress now = container.progress();
        Progress saved = container.saved();
        boolean moved =
                !Objects.equals(saved.listedThrough(), now.listedThrough())
                        || container.hasSettled()
                        || now.position() - saved.position() > SAVE_RECORDS;
        Optional<Bucket> bucket = store.view().bucket(container.bucketId());
        if (!moved || bucket.isEmpty() || now.equals(saved)) {
            return;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        store.change(
                new Caller(
                        bucket.get().owner(),
                        PRINCIPAL,
                        new RequestId(random.nextLong(), random.nextLong())),
                new BucketChange.ChangeBucketSettings(
                        container.bucketId(),
                        new TreeMap<>(Map.of(SyncSettings.PROGRESS, now.encode())),
                        new TreeSet<>()));
        container.saved(now);
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        pushers.shutdownNow();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        feed.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
