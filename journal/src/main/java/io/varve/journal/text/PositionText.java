package io.varve.journal.text;

import io.varve.journal.chronicle.ReadOnlyJournal;
import io.varve.journal.chronicle.ReadOnlyJournal.MirrorEnd;

import java.util.OptionalLong;

/** Where a journal and each of its mirrors end, for people or as one line of JSON. */
public final class PositionText {
    private PositionText() {}

    public static String text(ReadOnlyJournal journal) {
        StringBuilder text = new StringBuilder();
        for (MirrorEnd mirror : journal.mirrorEnds()) {
            text.append(mirror.directory()).append(": position ").append(mirror.endPosition());
            if (mirror.problem() != null) {
                text.append(", ").append(mirror.problem());
            }
            text.append('\n');
        }
        OptionalLong agreed = journal.agreedPosition();
        text.append(
                agreed.isPresent()
                        ? "agreed: position " + agreed.getAsLong()
                        : "agreed: unknown, too few mirrors can be read");
        return text.append(
                        ", last record %s, writer epoch %d, chain %s\n"
                                .formatted(
                                        journal.endPosition() == 0
                                                ? "none yet"
                                                : RecordTime.of(journal.lastTimeMicros()),
                                        journal.writerEpoch(),
                                        journal.chain()))
                .toString();
    }

    public static String json(ReadOnlyJournal journal) {
        JsonLine json = new JsonLine().beginObject();
        OptionalLong agreed = journal.agreedPosition();
        if (agreed.isPresent()) {
            json.field("agreedPosition", agreed.getAsLong());
        } else {
            json.field("agreedPosition", null);
        }
        json.field("position", journal.endPosition())
                .field("timeMicros", journal.lastTimeMicros())
                .field("writerEpoch", journal.writerEpoch())
                .field("chain", journal.chain())
                .field("siteId", journal.siteId().toString());
        json.name("mirrors").beginArray();
        for (MirrorEnd mirror : journal.mirrorEnds()) {
            json.beginObject()
                    .field("directory", mirror.directory().toString())
                    .field("position", mirror.endPosition())
                    .field("problem", mirror.problem())
                    .endObject();
        }
        return json.endArray().endObject().toString();
    }
}
