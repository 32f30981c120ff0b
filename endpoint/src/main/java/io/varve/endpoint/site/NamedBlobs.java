package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.WantedBlobs;
import io.varve.endpoint.store.Ledger;
import io.varve.journal.record.BlobRef;
import io.varve.projections.namespace.BlobReferences;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the journal says should exist, as the view tells it. Walks all of the view on each question,
 * on the caller's thread, and takes no more than a share of that thread's time.
 */
final class NamedBlobs implements WantedBlobs {
    /** Some milliseconds of work between two pauses. */
    private static final int ROWS_PER_STEP = 4096;

    private static final Consumer<BlobId> NOBODY = id -> {};

    private final Ledger ledger;
    private final InFlightBlobs inFlight;
    private final SetAsideBlobs setAside;
    private final double share;
    private final BooleanSupplier ended;

    /**
     * @param ended when it says so a walk ends with a {@link CancellationException}
     */
    NamedBlobs(
            Ledger ledger,
            InFlightBlobs inFlight,
            SetAsideBlobs setAside,
            double share,
            BooleanSupplier ended) {
        this.ledger = ledger;
        this.inFlight = inFlight;
        this.setAside = setAside;
        this.share = share;
        this.ended = ended;
    }

    @Override
    public void forEach(Consumer<BlobId> visitor) {
        walk(visitor, NOBODY);
    }

    /**
     * What is in flight is asked for first: a blob that is no longer in there then has been named
     * by what the view has applied, and the walk, which begins after, shows it. The other way round
     * a blob that is named in between would be missed twice.
     */
    @Override
    public void forEach(Consumer<BlobId> visitor, Consumer<BlobId> tolerated) {
        inFlight.forEach(tolerated);
        setAside.forEach(tolerated);
        walk(visitor, tolerated);
    }

    private void walk(Consumer<BlobId> needed, Consumer<BlobId> released) {
        BlobReferences.Visitor visitor =
                new BlobReferences.Visitor() {
                    @Override
                    public void needed(BlobRef blob) {
                        needed.accept(idOf(blob));
                    }

                    @Override
                    public void released(BlobRef blob) {
                        released.accept(idOf(blob));
                    }
                };
        try (BlobReferences references = ledger.view().references()) {
            boolean more = true;
            while (more) {
                long began = System.nanoTime();
                more = references.advance(ROWS_PER_STEP, visitor);
                if (ended.getAsBoolean()) {
                    throw new CancellationException("the site is being closed");
                }
                rest(System.nanoTime() - began);
            }
        }
    }

    private void rest(long workedNanos) {
        long pause = (long) (workedNanos * (1 / share - 1));
        if (pause > 0) {
            LockSupport.parkNanos(this, pause);
        }
    }

    static BlobId idOf(BlobRef blob) {
        return new BlobId(blob.idHigh(), blob.idLow());
    }
}
