package io.varve.journal.kafka;

import io.varve.journal.JournalException;

/**
 * A newer writer epoch was opened: what this journal was asked to append is not in it and never
 * will be, and it takes nothing more until it is opened anew.
 */
public final class FencedException extends JournalException {
    private static final long serialVersionUID = 1;

    FencedException(long ownEpoch, long openEpoch) {
        super(
                "this writer is fenced: its epoch is %d, the journal's is %d"
                        .formatted(ownEpoch, openEpoch));
    }
}
