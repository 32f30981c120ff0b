package io.varve.journal.text;

import io.varve.journal.chronicle.VerifyReport;
import io.varve.journal.chronicle.VerifyReport.MirrorReport;
import io.varve.journal.chronicle.VerifyReport.Problem;

/** A verification for people, or as one line of JSON. */
public final class VerifyText {
    private VerifyText() {}

    public static String text(VerifyReport report) {
        StringBuilder text = new StringBuilder();
        for (MirrorReport mirror : report.mirrors()) {
            text.append(mirror.directory()).append(": ").append(intact(mirror)).append('\n');
            for (Problem problem : mirror.problems()) {
                text.append(
                        "  position %d: %s (file %s, offset %d)\n"
                                .formatted(
                                        problem.position(),
                                        problem.reason(),
                                        problem.file(),
                                        problem.offset()));
            }
        }
        text.append(
                report.isIntact()
                        ? "positions %d to %d: intact\n"
                                .formatted(report.fromPosition(), report.toPosition())
                        : "positions %d to %d: DAMAGED\n"
                                .formatted(report.fromPosition(), report.toPosition()));
        return text.toString();
    }

    private static String intact(MirrorReport mirror) {
        if (mirror.recordCount() == 0) {
            return "no record read";
        }
        return "%d records intact, positions %d to %d, %d bytes in %d %s%s"
                .formatted(
                        mirror.recordCount(),
                        mirror.firstPosition(),
                        mirror.lastPosition(),
                        mirror.byteCount(),
                        mirror.cycleCount(),
                        mirror.cycleCount() == 1 ? "cycle" : "cycles",
                        mirror.chain().isEmpty() ? "" : ", chain " + mirror.chain());
    }

    public static String json(VerifyReport report) {
        JsonLine json = new JsonLine().beginObject();
        json.field("intact", report.isIntact());
        json.field("fromPosition", report.fromPosition());
        json.field("toPosition", report.toPosition());
        json.name("mirrors").beginArray();
        for (MirrorReport mirror : report.mirrors()) {
            json.beginObject();
            json.field("directory", mirror.directory().toString());
            json.field("recordCount", mirror.recordCount());
            json.field("byteCount", mirror.byteCount());
            json.field("cycleCount", mirror.cycleCount());
            json.field("firstPosition", mirror.firstPosition());
            json.field("lastPosition", mirror.lastPosition());
            json.field("chain", mirror.chain());
            json.name("problems").beginArray();
            for (Problem problem : mirror.problems()) {
                json.beginObject()
                        .field("file", problem.file().toString())
                        .field("position", problem.position())
                        .field("offset", problem.offset())
                        .field("reason", problem.reason())
                        .endObject();
            }
            json.endArray().endObject();
        }
        return json.endArray().endObject().toString();
    }
}
