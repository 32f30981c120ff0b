package io.varve.dr;

import io.varve.projections.Checkpoint;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewDigest;
import io.varve.projections.ViewException;
import io.varve.projections.ViewReader;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.RecordSource;
import io.varve.projections.namespace.VerificationScratch;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import java.util.List;
import java.util.function.Supplier;

/**
 * Proves that the namespace view is what the journal says: replays the journal into a view made for
 * the purpose, up to where the examined one stands, and compares digests; where they differ it
 * names the rows. The examined view is opened for reading only, so a site may be serving from it:
 * examined is then what it has on media.
 */
public final class ViewVerification {
    /** How many differing rows are named; the others are counted. */
    public static final int NAMED_COUNT_MAX = 1000;

    /** A site that serves meanwhile removes table files, so that an opening may miss some. */
    private static final int OPEN_ATTEMPTS_MAX = 5;

    private final Supplier<RecordSource> journals;
    private final ViewDirectory directory;
    private final RocksConfig rocks;

    /**
     * @param journals opens the journal. Called after the view was opened: records reach the
     *     journal's media first, so the other way round the view could seem to be ahead of it
     */
    public ViewVerification(
            Supplier<RecordSource> journals, ViewDirectory directory, RocksConfig rocks) {
        this.journals = journals;
        this.directory = directory;
        this.rocks = rocks;
    }

    /**
     * @throws ViewDamagedException when the view cannot be read
     * @throws ViewException when there is no view, or the journal ends before it, or another
     *     verification is under way
     */
    public VerificationReport run(ReplayProgress progress) {
        if (!directory.hasLive()) {
            throw new ViewException("there is no view: " + directory.live());
        }
        try (RocksViewStore live = openLive();
                VerificationScratch place = directory.beginVerification();
                RocksViewStore scratch = RocksViewStore.open(place.directory(), rocks)) {
            RecordSource journal = journals.get();
            Checkpoint examined = Checkpoint.read(live);
            long through = examined.position();
            progress.reached(0, through);
            Checkpoint replayed =
                    NamespaceReplay.replay(
                            journal,
                            scratch,
                            through,
                            position -> progress.reached(position, through));
            ViewComparison comparison = new ViewComparison(NAMED_COUNT_MAX);
            ViewDigest counted = digest(live);
            if (!counted.equals(replayed.digest())) {
                comparison.compare(scratch, live);
            }
            return new VerificationReport(
                    through,
                    journal.endPosition(),
                    examined.digest(),
                    counted,
                    replayed.digest(),
                    comparison.count(),
                    List.copyOf(comparison.named()));
        }
    }

    private RocksViewStore openLive() {
        for (int attempt = 1; ; attempt++) {
            try {
                return RocksViewStore.openReadOnly(directory.live(), rocks);
            } catch (ViewException e) {
                if (attempt == OPEN_ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private static ViewDigest digest(ViewReader rows) {
        try (ViewCursor cursor = rows.scan(Checkpoint.firstRow(), null)) {
            return ViewDigest.of(cursor);
        }
    }
}
