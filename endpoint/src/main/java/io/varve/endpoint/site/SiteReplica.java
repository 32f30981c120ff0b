package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceException;
import io.varve.dr.replica.BlobAnswer;
import io.varve.dr.replica.BlobAnswers;
import io.varve.dr.replica.RecordBlobs;
import io.varve.dr.replica.StandbySite;
import io.varve.dr.replica.Terms;
import io.varve.dr.replica.ViewMark;
import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.OwnerTag;
import io.varve.endpoint.store.StoreException;
import io.varve.journal.StoredJournal;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.namespace.BlobReferences;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.NamespaceView.ReleasedBlobs;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A site as one of a pair: what it gives to the other one, takes from it, and whether it leads.
 * Safe for use by many threads.
 */
public final class SiteReplica implements StandbySite {
    private static final Duration POOL_WAIT = Duration.ofSeconds(30);
    private static final int DROP_BATCH = 1024;

    private final Path directory;
    private final StoredJournal journal;
    private final NamespaceHost host;
    private final WriteGate gate;
    private final StandbyAcks acks;
    private final HostLedger ledger;
    private final PoolBlobs blobs;
    private final SiteTopology topology;
    private ReplicaState state;

    /** What a change passes on its way into the journal. */
    record Writing(WriteGate gate, StandbyAcks acks, HostLedger ledger) {
        static Writing of(StoredJournal journal, NamespaceHost host, WriteGate gate) {
            StandbyAcks acks = new StandbyAcks(journal::endPosition);
            return new Writing(gate, acks, new HostLedger(host, gate, acks));
        }
    }

    SiteReplica(
            Path directory,
            ReplicaState state,
            StoredJournal journal,
            NamespaceHost host,
            Writing writing,
            PoolBlobs blobs,
            SiteTopology topology) {
        this.directory = directory;
        this.state = state;
        this.journal = journal;
        this.host = host;
        this.gate = writing.gate();
        this.acks = writing.acks();
        this.ledger = writing.ledger();
        this.blobs = blobs;
        this.topology = topology;
    }

    public synchronized ReplicaState state() {
        return state;
    }

    /** On return the new state is on media. */
    public synchronized ReplicaState change(UnaryOperator<ReplicaState> how) {
        ReplicaState next = how.apply(state);
        if (!next.equals(state)) {
            next.write(directory);
            state = next;
        }
        return next;
    }

    /** Where the site's own files are. */
    public Path directory() {
        return directory;
    }

    @Override
    public StoredJournal journal() {
        return journal;
    }

    /** Up to where the views have applied the journal. */
    public long appliedPosition() {
        return host.view().appliedPosition();
    }

    /** What the journal says, as far as it has been applied. */
    public NamespaceView view() {
        return host.view();
    }

    /** Appends a record, as {@link Ledger#submit} says. */
    public CompletableFuture<Outcome> submit(Draft draft) {
        return ledger.submit(draft);
    }

    /** The blobs that a change names are no leftovers: its record is applied, or never comes. */
    public void settledBlobs(Change change) {
        settled(RecordBlobs.of(change));
    }

    /** Whether changes wait for the standby, from now on. */
    public void synchronous(SyncPolicy policy) {
        acks.policy(policy);
    }

    /** Whether changes wait for a standby at this moment. */
    public boolean waitsForStandby() {
        return acks.waits();
    }

    /** The standby has everything up to a position on media. */
    public void standbyHas(long position) {
        acks.acknowledged(position);
    }

    /** Whether it takes changes at present. */
    public boolean writable() {
        return gate.refusal() == null;
    }

    /**
     * Begins to lead in the term of its state, which must be on media; from then on it takes
     * changes. Waits until the views have applied all that it has.
     */
    public void lead() throws InterruptedException {
        awaitApplied(journal.endPosition());
        journal.lead(Terms.firstEpoch(state().term()));
        gate.open();
    }

    /**
     * Takes no changes for the moment; on return those that were let in before have their outcome.
     *
     * @return whether it came to that in time
     */
    public boolean pause(String reason, Duration timeout) throws InterruptedException {
        gate.close(WriteGate.unavailable(reason));
        return gate.awaitEmpty(timeout);
    }

    /** Refuses changes for good, naming the site that takes them. */
    public void refuse(String primary) {
        gate.close(WriteGate.following(primary));
    }

    /** Takes changes again after a {@link #pause}. */
    public void resume() {
        gate.open();
    }

    /** Where its views stand, and what they hold there. */
    public ViewMark viewMark() {
        return mark(host.published());
    }

    /** The same at a position, once they are there; fails when they have passed it. */
    public CompletableFuture<ViewMark> viewMarkAt(long position) {
        return host.publishedAt(position).thenApply(SiteReplica::mark);
    }

    /** The views as they are; to be closed before the site. */
    public ViewSnapshot viewSnapshot() {
        return host.snapshot();
    }

    /** The same at a position, once they are there; fails when they have passed it. */
    public CompletableFuture<ViewSnapshot> viewSnapshotAt(long position) {
        return host.snapshotAt(position);
    }

    /**
     * Rehearses a takeover on a copy of what this site has.
     *
     * @param scratch a directory that is made and removed again
     * @param ended when it says so the rehearsal ends
     * @throws io.varve.dr.replica.ReplicaException when the copy does not do what a site must
     * @throws io.varve.journal.JournalException when it cannot be made
     */
    public Rehearsal.Result rehearse(Path scratch, BooleanSupplier ended) throws IOException {
        return new Rehearsal(journal, host, scratch, ended).run();
    }

    private static ViewMark mark(Checkpoint checkpoint) {
        return new ViewMark(checkpoint.position(), checkpoint.digest().toString());
    }

    /** The blobs that its views name, with what has to be in them. */
    public BlobReferences references() {
        return host.view().references();
    }

    /** How a blob is here, read from one good copy. */
    public BlobCheck check(BlobRef blob) {
        BlobAnswer answer = answer(blob);
        return switch (answer) {
            case BlobAnswer.Bytes(BlobRef _, byte[] stored) ->
                    BlobAnswers.matches(blob, stored) ? BlobCheck.GOOD : BlobCheck.DAMAGED;
            case BlobAnswer.Absent absent -> absent.lost() ? BlobCheck.DAMAGED : BlobCheck.MISSING;
            case BlobAnswer.Unavailable _ -> BlobCheck.UNAVAILABLE;
        };
    }

    /** What reading a blob came to. */
    public enum BlobCheck {
        GOOD,
        MISSING,
        DAMAGED,
        /** A device is away that may have it. */
        UNAVAILABLE
    }

    /** A blob for the other site. */
    public BlobAnswer answer(BlobRef blob) {
        BlobId id = id(blob);
        byte[] bytes = new byte[blob.lengthBytes()];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        try {
            blobs.read(id, 0, target);
            if (target.hasRemaining()) {
                return new BlobAnswer.Absent(blob, true);
            }
            return new BlobAnswer.Bytes(blob, id.compressed() ? blobs.stored(id) : bytes);
        } catch (StoreException e) {
            return e.category() == StoreException.Category.LOST
                    ? new BlobAnswer.Absent(blob, !(e.getCause() instanceof BlobMissingException))
                    : new BlobAnswer.Unavailable(blob);
        } catch (DeviceException e) {
            return new BlobAnswer.Unavailable(blob);
        }
    }

    private static BlobId id(BlobRef blob) {
        return new BlobId(blob.idHigh(), blob.idLow());
    }

    @Override
    public void settled(List<BlobRef> settled) {
        blobs.settled(settled.stream().map(SiteReplica::id).toList());
    }

    /**
     * A pool of the primary is a pool here, of the same number: of the scheme and rule of this
     * site's default pool, unless the operator has added one of that number before.
     */
    @Override
    public void prepare(Change change) {
        if (!(change instanceof PutPool put)) {
            return;
        }
        Topology now = topology.current();
        if (now.pool(put.id()).isPresent()) {
            return;
        }
        PutPool standard = now.pool(Pool.DEFAULT_ID).orElseThrow().put();
        String name =
                now.poolNamed(put.name()).isEmpty() ? put.name() : put.name() + "-" + put.id();
        topology.change(
                TopologyChanges.BY_THE_SITE,
                new PutPool(
                        put.id(),
                        name,
                        standard.rule(),
                        standard.scheme(),
                        standard.minCopies(),
                        standard.deviceClass(),
                        standard.compression(),
                        0));
        topology.settle(POOL_WAIT);
    }

    @Override
    public boolean has(BlobRef blob) {
        return blobs.has(id(blob), blob.lengthBytes());
    }

    @Override
    public CompletableFuture<?> store(Change change, long timeMicros, BlobRef blob, byte[] bytes) {
        return blobs.writeAs(id(blob), bytes, OwnerTag.ofRecord(change, timeMicros, blob));
    }

    @Override
    public void awaitApplied(long position) throws InterruptedException {
        host.awaitApplied(position);
    }

    @Override
    public void dropReleased(long throughPosition) {
        int limit = DROP_BATCH;
        List<ReleasedBlobs> released = host.view().released(throughPosition, limit);
        while (released.size() == limit) {
            limit = Math.multiplyExact(limit, 2);
            released = host.view().released(throughPosition, limit);
        }
        blobs.drop(
                released.stream()
                        .flatMap(entry -> entry.manifest().blobs().stream())
                        .map(SiteReplica::id)
                        .toList());
    }

    @Override
    public void wholeFrom(long position) {
        change(now -> now.wholeFrom() >= position ? now : now.withWholeFrom(position));
    }
}
