package io.varve.endpoint.store;

import io.varve.devices.BlobId;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.Draft;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.WindowChange;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.NamespaceView.ReleasedBlobs;
import io.varve.projections.namespace.Outcome;

import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The slow end of every object's life: forgets history that has left the window, then drops the
 * blobs which that released, then says so in the journal.
 *
 * <p>Each step may be interrupted by a crash and is done again after it: forgetting is a record,
 * dropping a blob twice is dropping it once, and the record that confirms comes after the drop. The
 * grace time is counted in this process from when it saw the release, so a restart makes it longer,
 * never shorter.
 *
 * <p>Single-threaded: owned by the thread that calls {@link #doWork}.
 */
public final class WindowAgent {
    private static final String PRINCIPAL = "varve:window";

    /** Into how many steps the grace time is divided to remember which position was seen when. */
    private static final int MARKS = 16;

    private final WindowConfig config;
    private final Ledger ledger;
    private final Blobs blobs;
    private final LongSupplier clockMicros;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long ripePosition;

    /** The view had applied this position at that time. */
    private record Mark(long position, long timeMicros) {}

    public WindowAgent(WindowConfig config, Ledger ledger, Blobs blobs, LongSupplier clockMicros) {
        this.config = config;
        this.ledger = ledger;
        this.blobs = blobs;
        this.clockMicros = clockMicros;
    }

    /**
     * One turn: at most one record of forgetting and one batch of drops.
     *
     * @return how much was done; 0 when there is nothing to do now
     * @throws StoreException when the journal or the devices cannot take it; nothing is lost by
     *     calling again later
     */
    public int doWork() {
        long now = clockMicros.getAsLong();
        int forgotten = closeWindow(now);
        ripen(now);
        return forgotten + dropReleased();
    }

    private int closeWindow(long now) {
        long before = now - config.windowMicros();
        OptionalLong oldest = ledger.view().oldestHistoryMicros();
        if (oldest.isEmpty() || oldest.getAsLong() >= before) {
            return 0;
        }
        Outcome outcome = append(new WindowChange.CloseWindow(before, config.batchSize()));
        return outcome instanceof Outcome.WindowClosed closed ? closed.forgotten() : 0;
    }

    /** Remembers what the view has applied by now, and learns what it had a grace time ago. */
    private void ripen(long now) {
        Mark newest = marks.peekLast();
        if (newest == null
                || now < newest.timeMicros()
                || now - newest.timeMicros() >= config.dropGraceMicros() / MARKS) {
            marks.addLast(new Mark(ledger.view().appliedPosition(), now));
        }
        while (!marks.isEmpty()
                && now - marks.getFirst().timeMicros() >= config.dropGraceMicros()) {
            ripePosition = marks.removeFirst().position();
        }
    }

    private int dropReleased() {
        NamespaceView view = ledger.view();
        int limit = config.batchSize();
        List<ReleasedBlobs> released = view.released(ripePosition, limit);
        if (released.isEmpty()) {
            return 0;
        }
        long through = released.getLast().position();
        while (released.size() == limit) {
            // The page may end in the midst of what one record released: confirm only what is
            // whole.
            long last = released.getLast().position();
            List<ReleasedBlobs> whole =
                    released.stream().filter(entry -> entry.position() < last).toList();
            if (!whole.isEmpty()) {
                released = whole;
                through = last - 1;
                break;
            }
            limit = Math.multiplyExact(limit, 2);
            released = view.released(ripePosition, limit);
            through = released.getLast().position();
        }
        blobs.drop(idsOf(released));
        append(new WindowChange.ConfirmDropped(through));
        return released.size();
    }

    private static List<BlobId> idsOf(List<ReleasedBlobs> released) {
        return released.stream()
                .flatMap(entry -> entry.manifest().blobs().stream())
                .map(Stored::idOf)
                .toList();
    }

    private Outcome append(WindowChange change) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        RequestId id = new RequestId(random.nextLong(), random.nextLong());
        try {
            return ledger.submit(new Draft(id, PRINCIPAL, change)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException cause
                    ? cause
                    : new StoreException(
                            Category.UNAVAILABLE, "the record may be lost: " + e.getCause(), e);
        }
    }
}
