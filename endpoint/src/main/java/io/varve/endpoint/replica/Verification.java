package io.varve.endpoint.replica;

import io.varve.dr.replica.BlobAnswer;
import io.varve.dr.replica.Primary;
import io.varve.dr.replica.RangeComparison;
import io.varve.dr.replica.RecordOrigins;
import io.varve.dr.replica.RemoteView;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.StandbyAgent;
import io.varve.dr.replica.ViewMark;
import io.varve.dr.replica.ViewRanges;
import io.varve.endpoint.site.SiteReplica;
import io.varve.endpoint.site.SiteReplica.BlobCheck;
import io.varve.journal.record.BlobRef;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.namespace.BlobReferences;
import io.varve.projections.namespace.RowName;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Compares a standby with its primary: the digests of their views at one position, and, when asked
 * to go deep, every row of the views and every blob that the view names. Blobs that are missing or
 * damaged are brought again from the primary. Used once, by one thread.
 */
final class Verification {
    private static final int ATTEMPTS_MAX = 50;
    private static final long ATTEMPT_PAUSE_NANOS = 20_000_000;
    private static final long REACH_SECONDS = 60;
    private static final int ROWS_PER_STEP = 256;
    private static final int NAMED_MAX = 100;

    /** More than these are a device that was lost, and not for this to bring back. */
    private static final int REPAIRED_MAX = 100_000;

    private final SiteReplica site;
    private final double share;
    private final BooleanSupplier ended;

    private final RangeComparison ranges = new RangeComparison();
    private final Set<BlobRef> bad = new LinkedHashSet<>();
    private final List<String> badBlobs = new ArrayList<>();
    private long blobCount;
    private long byteCount;
    private long missingCount;
    private long damagedCount;
    private long unavailableCount;
    private long repairedCount;

    /**
     * What came of it.
     *
     * @param position at which the views were compared
     * @param same whether their digests are equal, and their rows as far as these were read
     * @param rows what came of comparing them; null where that was not needed
     * @param deep whether blobs were read; the counts are of these
     */
    record Result(
            Instant finished,
            long position,
            boolean same,
            String digestHere,
            String digestThere,
            @Nullable Rows rows,
            boolean deep,
            Blobs blobs) {
        boolean passed() {
            return same && blobs.badCount() == blobs.repairedCount();
        }
    }

    /**
     * How rows differ.
     *
     * @param ranges the first ranges in which they do, as key to key
     * @param named the first that do
     */
    record Rows(
            long rangeCount,
            long rowCount,
            long differenceCount,
            List<String> ranges,
            List<String> named) {}

    /**
     * How blobs are.
     *
     * @param repairedCount of those that were missing or damaged, how many are right now
     * @param bad the first that were missing or damaged
     */
    record Blobs(
            long count,
            long bytes,
            long missingCount,
            long damagedCount,
            long unavailableCount,
            long repairedCount,
            List<String> bad) {
        long badCount() {
            return missingCount + damagedCount + unavailableCount;
        }
    }

    /**
     * @param share of a thread's time that it takes at the most
     * @param ended when it says so the verification ends
     */
    Verification(SiteReplica site, double share, BooleanSupplier ended) {
        this.site = site;
        this.share = share;
        this.ended = ended;
    }

    /**
     * @throws ReplicaException when the primary cannot be asked, or the standby does not come to
     *     the position in time
     */
    Result run(Primary primary, StandbyAgent agent, boolean deep) throws InterruptedException {
        try (Compared compared = compare(primary, agent)) {
            ViewMark there = compared.there().mark();
            Checkpoint here = Checkpoint.read(compared.here());
            boolean same = here.digest().toString().equals(there.digest());
            Rows rows = null;
            if (deep || !same) {
                compareRows(compared);
                same &= ranges.differenceCount() == 0;
                rows = rows();
            }
            if (deep) {
                readBlobs();
                repair(primary);
            }
            return new Result(
                    Instant.now(),
                    here.position(),
                    same,
                    here.digest().toString(),
                    there.digest(),
                    rows,
                    deep,
                    new Blobs(
                            blobCount,
                            byteCount,
                            missingCount,
                            damagedCount,
                            unavailableCount,
                            repairedCount,
                            List.copyOf(badBlobs)));
        }
    }

    private void compareRows(Compared compared) {
        String from = ViewRanges.begin();
        while (!from.isEmpty()) {
            long began = System.nanoTime();
            from = ranges.step(compared.there(), compared.here(), from);
            requireGoingOn();
            rest(System.nanoTime() - began);
        }
    }

    private Rows rows() {
        return new Rows(
                ranges.rangeCount(),
                ranges.rowCount(),
                ranges.differenceCount(),
                ranges.differing().stream().map(r -> r.from() + " to " + r.to()).toList(),
                ranges.named().stream().map(this::text).toList());
    }

    private String text(RangeComparison.Difference difference) {
        RowName row = difference.row();
        String bucket =
                site.view().bucket(row.id()).map(found -> found.storedName() + "/").orElse("");
        return "%s: %s %s%s"
                .formatted(
                        difference.kind().name().toLowerCase(Locale.ROOT),
                        row.table(),
                        bucket.isEmpty() && row.id() != 0 ? row.id() + " " : bucket,
                        row.key());
    }

    /** Both views at one position, open. */
    private record Compared(RemoteView there, ViewSnapshot here) implements AutoCloseable {
        @Override
        public void close() {
            here.close();
            there.close();
        }
    }

    /** The standby waits where it is until the primary has said where it stands: not before. */
    private Compared compare(Primary primary, StandbyAgent agent) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            RemoteView there = null;
            boolean taken = false;
            try {
                Asked asked = agent.<@Nullable Asked>held(() -> ask(primary.openView()));
                if (asked != null) {
                    there = asked.there();
                    Compared compared = new Compared(there, reached(asked));
                    taken = true;
                    return compared;
                }
            } finally {
                if (there != null && !taken) {
                    there.close();
                }
            }
            LockSupport.parkNanos(ATTEMPT_PAUSE_NANOS);
        }
        throw new ReplicaException("the view of the primary does not come to where this site is");
    }

    private @Nullable Asked ask(RemoteView there) {
        if (there.mark().position() < site.journal().endPosition()) {
            there.close();
            return null;
        }
        return new Asked(there, site.viewSnapshotAt(there.mark().position()));
    }

    private record Asked(RemoteView there, CompletableFuture<ViewSnapshot> here) {}

    private static ViewSnapshot reached(Asked asked) throws InterruptedException {
        try {
            return asked.here().get(REACH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // One that comes later is closed as it comes.
            var _ = asked.here().thenAccept(ViewSnapshot::close);
            throw new ReplicaException(
                    "the standby does not come to position %d: %s"
                            .formatted(asked.there().mark().position(), e),
                    e);
        }
    }

    private void readBlobs() {
        List<BlobRef> step = new ArrayList<>();
        BlobReferences.Visitor visitor =
                new BlobReferences.Visitor() {
                    @Override
                    public void needed(BlobRef blob) {
                        step.add(blob);
                    }

                    @Override
                    public void released(BlobRef blob) {
                        // Nobody can read it any more.
                    }
                };
        try (BlobReferences references = site.references()) {
            boolean more = true;
            while (more && !ended.getAsBoolean()) {
                long began = System.nanoTime();
                more = references.advance(ROWS_PER_STEP, visitor);
                step.forEach(this::read);
                step.clear();
                rest(System.nanoTime() - began);
            }
        }
        requireGoingOn();
    }

    private void requireGoingOn() {
        if (ended.getAsBoolean()) {
            throw new ReplicaException("the verification was ended");
        }
    }

    /** Whose they are stands in the records that brought them. */
    private void repair(Primary primary) throws InterruptedException {
        if (bad.isEmpty()) {
            return;
        }
        Map<BlobRef, RecordOrigins.Origin> origins = RecordOrigins.of(site.journal(), bad, ended);
        for (Map.Entry<BlobRef, RecordOrigins.Origin> entry : origins.entrySet()) {
            BlobRef blob = entry.getKey();
            RecordOrigins.Origin origin = entry.getValue();
            primary.blobs(
                    List.of(blob),
                    answer -> {
                        if (answer instanceof BlobAnswer.Bytes(BlobRef _, byte[] bytes)) {
                            site.store(origin.change(), origin.timeMicros(), blob, bytes).join();
                        }
                    });
            site.settled(List.of(blob));
            if (site.check(blob) == BlobCheck.GOOD) {
                repairedCount++;
            }
            requireGoingOn();
        }
    }

    private void read(BlobRef blob) {
        blobCount++;
        byteCount += blob.lengthBytes();
        BlobCheck check = site.check(blob);
        switch (check) {
            case GOOD -> {
                return;
            }
            case MISSING -> missingCount++;
            case DAMAGED -> damagedCount++;
            case UNAVAILABLE -> unavailableCount++;
        }
        if (check != BlobCheck.UNAVAILABLE && bad.size() < REPAIRED_MAX) {
            bad.add(blob);
        }
        if (badBlobs.size() < NAMED_MAX) {
            badBlobs.add("%016x%016x %s".formatted(blob.idHigh(), blob.idLow(), check));
        }
    }

    private void rest(long workedNanos) {
        long pause = (long) (workedNanos * (1 / share - 1));
        if (pause > 0) {
            LockSupport.parkNanos(this, pause);
        }
    }
}
