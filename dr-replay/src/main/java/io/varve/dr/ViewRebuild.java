package io.varve.dr;

import io.varve.journal.Journal;
import io.varve.projections.Checkpoint;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import java.util.function.LongConsumer;

/**
 * Makes the namespace view anew from the journal, beside the live one, and then puts it in its
 * place. The site must not be serving: whoever holds the journal open for appending sees to that.
 *
 * <p>A crash at any moment leaves the old view, the new one, or none; a site that finds none makes
 * one as it starts.
 */
public final class ViewRebuild {
    private final Journal journal;
    private final ViewDirectory directory;
    private final RocksConfig rocks;

    public ViewRebuild(Journal journal, ViewDirectory directory, RocksConfig rocks) {
        this.journal = journal;
        this.directory = directory;
        this.rocks = rocks;
    }

    /**
     * Applies the whole journal.
     *
     * @param progress told the position reached, now and then
     * @return where the new view stands
     */
    public Checkpoint run(LongConsumer progress) {
        Checkpoint reached;
        try (RocksViewStore store = RocksViewStore.open(directory.clearedForRebuild(), rocks)) {
            reached = NamespaceReplay.replay(journal, store, journal.endPosition(), progress);
        }
        directory.replaceLive();
        return reached;
    }
}
