package io.varve.endpoint.replica;

import io.varve.dr.replica.Primary;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.StandbyAgent;
import io.varve.dr.replica.ViewMark;
import io.varve.endpoint.site.SiteReplica;
import io.varve.endpoint.site.SiteReplica.BlobCheck;
import io.varve.journal.record.BlobRef;
import io.varve.projections.namespace.BlobReferences;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Compares a standby with its primary: the digests of their views at one position, and, when asked
 * to go deep, every blob that its view names with the checksum in the record that brought it. Used
 * once, by one thread.
 */
final class Verification {
    private static final int ATTEMPTS_MAX = 50;
    private static final long ATTEMPT_PAUSE_NANOS = 20_000_000;
    private static final long REACH_SECONDS = 60;
    private static final int ROWS_PER_STEP = 256;
    private static final int NAMED_MAX = 100;

    private final SiteReplica site;
    private final double share;
    private final BooleanSupplier ended;

    private final List<String> badBlobs = new ArrayList<>();
    private long blobCount;
    private long byteCount;
    private long missingCount;
    private long damagedCount;
    private long unavailableCount;

    /**
     * What came of it.
     *
     * @param position at which the views were compared
     * @param same whether their digests are equal
     * @param deep whether blobs were read; the counts are of these
     * @param badBlobs the first that are missing or damaged
     */
    record Result(
            Instant finished,
            long position,
            boolean same,
            String digestHere,
            String digestThere,
            boolean deep,
            long blobCount,
            long byteCount,
            long missingCount,
            long damagedCount,
            long unavailableCount,
            List<String> badBlobs) {
        boolean passed() {
            return same && missingCount + damagedCount + unavailableCount == 0;
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
        Compared compared = compare(primary, agent);
        if (deep) {
            readBlobs();
        }
        return new Result(
                Instant.now(),
                compared.here().position(),
                compared.here().digest().equals(compared.there().digest()),
                compared.here().digest(),
                compared.there().digest(),
                deep,
                blobCount,
                byteCount,
                missingCount,
                damagedCount,
                unavailableCount,
                List.copyOf(badBlobs));
    }

    private record Compared(ViewMark here, ViewMark there) {}

    /** The standby waits where it is until the primary has said where it stands: not before. */
    private Compared compare(Primary primary, StandbyAgent agent) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Asked asked =
                    agent.<@Nullable Asked>held(
                            () -> {
                                ViewMark there = primary.viewMark();
                                return there.position() < site.journal().endPosition()
                                        ? null
                                        : new Asked(there, site.viewMarkAt(there.position()));
                            });
            if (asked != null) {
                return new Compared(reached(asked), asked.there());
            }
            LockSupport.parkNanos(ATTEMPT_PAUSE_NANOS);
        }
        throw new ReplicaException("the view of the primary does not come to where this site is");
    }

    private record Asked(ViewMark there, CompletableFuture<ViewMark> here) {}

    private static ViewMark reached(Asked asked) throws InterruptedException {
        try {
            return asked.here().get(REACH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new ReplicaException(
                    "the standby does not come to position %d: %s"
                            .formatted(asked.there().position(), e),
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
        if (ended.getAsBoolean()) {
            throw new ReplicaException("the verification was ended");
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
