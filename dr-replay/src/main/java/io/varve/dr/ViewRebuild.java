package io.varve.dr;

import io.varve.projections.Checkpoint;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.RecordSource;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

/**
 * Makes the namespace view anew from the journal, beside the live one, and then puts it in its
 * place. The site must not be serving; the caller sees to that.
 *
 * <p>A crash at any moment leaves the old view, the new one, or none; a site that finds none makes
 * one as it starts.
 */
public final class ViewRebuild {
    private final RecordSource journal;
    private final ViewDirectory directory;
    private final RocksConfig rocks;

    public ViewRebuild(RecordSource journal, ViewDirectory directory, RocksConfig rocks) {
        this.journal = journal;
        this.directory = directory;
        this.rocks = rocks;
    }

    /**
     * Applies the whole journal.
     *
     * @return where the new view stands
     * @throws io.varve.projections.ViewException when the new view cannot be written or put in
     *     place
     */
    public Checkpoint run(ReplayProgress progress) {
        long through = journal.endPosition();
        progress.reached(0, through);
        Checkpoint reached;
        try (RocksViewStore store = RocksViewStore.open(directory.clearedForRebuild(), rocks)) {
            reached =
                    NamespaceReplay.replay(
                            journal,
                            store,
                            through,
                            position -> progress.reached(position, through));
        }
        directory.replaceLive();
        return reached;
    }
}
