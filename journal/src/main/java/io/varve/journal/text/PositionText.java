package io.varve.journal.text;

import io.varve.journal.chronicle.ReadOnlyJournal;

/** Where a journal ends, for people or as one line of JSON. */
public final class PositionText {
    private PositionText() {}

    public static String text(ReadOnlyJournal journal) {
        return "position %d, %s, writer epoch %d, chain %s"
                .formatted(
                        journal.endPosition(),
                        journal.endPosition() == 0
                                ? "no record yet"
                                : RecordTime.of(journal.lastTimeMicros()),
                        journal.writerEpoch(),
                        journal.chain());
    }

    public static String json(ReadOnlyJournal journal) {
        return new JsonLine()
                .beginObject()
                .field("position", journal.endPosition())
                .field("timeMicros", journal.lastTimeMicros())
                .field("writerEpoch", journal.writerEpoch())
                .field("chain", journal.chain())
                .field("siteId", journal.siteId().toString())
                .endObject()
                .toString();
    }
}
