package io.varve.dr;

import io.varve.journal.Journal;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDigest;
import io.varve.projections.ViewReader;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * Proves that the namespace view is what the journal says: replays the journal into a view made for
 * the purpose, up to where the examined one stands, and compares digests; where they differ it
 * names the rows. The examined view is opened for reading only, so a site may be serving from it:
 * examined is then what it has on media.
 */
public final class ViewVerification {
    /** How many differing rows are named; the others are counted. */
    public static final int NAMED_COUNT_MAX = 1000;

    private final Journal journal;
    private final ViewDirectory directory;
    private final RocksConfig rocks;

    public ViewVerification(Journal journal, ViewDirectory directory, RocksConfig rocks) {
        this.journal = journal;
        this.directory = directory;
        this.rocks = rocks;
    }

    /**
     * @param progress told the position reached, now and then
     * @throws io.varve.projections.ViewDamagedException when the view cannot be read, or was made
     *     from another journal
     */
    public VerificationReport run(LongConsumer progress) {
        try (RocksViewStore live = RocksViewStore.openReadOnly(directory.live(), rocks);
                RocksViewStore scratch =
                        RocksViewStore.open(directory.clearedForVerification(), rocks)) {
            Checkpoint examined = Checkpoint.read(live);
            Checkpoint replayed =
                    NamespaceReplay.replay(journal, scratch, examined.position(), progress);
            ViewComparison comparison = new ViewComparison(NAMED_COUNT_MAX);
            ViewDigest counted = digest(live);
            if (!counted.equals(replayed.digest())) {
                comparison.compare(scratch, live);
            }
            return new VerificationReport(
                    examined.position(),
                    journal.endPosition(),
                    examined.digest(),
                    counted,
                    replayed.digest(),
                    comparison.count(),
                    List.copyOf(comparison.named()));
        } finally {
            directory.endVerification();
        }
    }

    private static ViewDigest digest(ViewReader rows) {
        try (ViewCursor cursor = rows.scan(Checkpoint.firstRow(), null)) {
            return ViewDigest.of(cursor);
        }
    }
}
