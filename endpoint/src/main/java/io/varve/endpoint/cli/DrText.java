package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The pair of sites for people. */
final class DrText {
    private DrText() {}

    static String status(JsonNode status) {
        StringBuilder text = new StringBuilder();
        line(text, "role", status.path("role").asText() + (writable(status) ? "" : ", read-only"));
        line(text, "term", status.path("term").asText());
        String peer = status.path("peer").asText();
        line(text, "other site", peer.isEmpty() ? "none" : peer);
        line(text, "position", status.path("position").asText());
        if (!status.path("whole").asBoolean()) {
            line(text, "whole from", status.path("whole_from").asText());
        }
        JsonNode limits = status.path("limits");
        long rate = limits.path("bytes_per_second").asLong();
        line(
                text,
                "sends",
                "%s, %s"
                        .formatted(
                                rate == 0 ? "as fast as it can" : rate + " bytes/s at the most",
                                limits.path("compress").asBoolean()
                                        ? "compressed"
                                        : "not compressed"));
        if (status.path("too_far_behind").asBoolean()) {
            line(text, "ALERT", "further behind than replica.alertAge");
        }
        String verified = status.path("last_full_pass").asText();
        if (!verified.isEmpty()) {
            line(text, "verified", "in full at " + verified);
        }
        if (status.has("lag")) {
            lag(text, status.path("lag"));
        }
        JsonNode standby = status.path("standby");
        if (!peer.isEmpty() && !standby.isMissingNode()) {
            boolean known = standby.path("position").asLong() >= 0;
            line(
                    text,
                    "standby",
                    known
                            ? "%d records and %s behind, heard of %.1f s ago"
                                    .formatted(
                                            standby.path("records_behind").asLong(),
                                            bytes(standby.path("bytes_behind").asLong()),
                                            standby.path("silent_ms").asLong() / 1000.0)
                            : "not heard of since the start");
            String oldest = standby.path("oldest_missing").asText();
            if (!oldest.isEmpty()) {
                line(text, "oldest missing", oldest);
            }
            line(
                    text,
                    "changes",
                    standby.path("changes_wait").asBoolean()
                            ? "wait for the standby"
                            : "do not wait for the standby");
        }
        return text.toString();
    }

    private static boolean writable(JsonNode status) {
        return status.path("writable").asBoolean();
    }

    private static void lag(StringBuilder text, JsonNode lag) {
        line(text, "primary", lag.path("contact").asBoolean() ? "answers" : "DOES NOT ANSWER");
        String trouble = lag.path("trouble").asText();
        if (!trouble.isEmpty()) {
            line(text, "trouble", trouble);
        }
        line(
                text,
                "behind",
                "%d records, %s (the primary is at %d)"
                        .formatted(
                                lag.path("records").asLong(),
                                bytes(lag.path("bytes").asLong()),
                                lag.path("primary_position").asLong()));
        double age = lag.path("age_seconds").asDouble();
        line(text, "age", age < 0 ? "not known" : "%.1f s".formatted(age));
        String oldest = lag.path("oldest_missing").asText();
        if (!oldest.isEmpty()) {
            line(text, "oldest missing", oldest);
            long left = lag.path("seconds_to_catch_up").asLong();
            line(text, "caught up in", left < 0 ? "not known" : left + " s");
        }
    }

    private static String bytes(long count) {
        return count < 0 ? "bytes being counted" : count + " bytes";
    }

    static String promoted(JsonNode answer) {
        return "this site leads: term %d from position %d on, after %d ms%n%s"
                .formatted(
                        answer.path("term").asLong(),
                        answer.path("position").asLong(),
                        answer.path("duration_ms").asLong(),
                        answer.path("records_known_missing").asLong() == 0
                                ? ""
                                : "%d records of the other site were known to be missing%n"
                                        .formatted(answer.path("records_known_missing").asLong()));
    }

    static String drilled(JsonNode answer) {
        String failure = answer.path("failure").asText();
        if (!failure.isEmpty()) {
            return "the drill came to nothing: " + failure + "\n";
        }
        JsonNode report = answer.path("report");
        JsonNode rpo = report.path("achieved_rpo");
        double seconds = rpo.path("seconds").asDouble();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "achieved RPO",
                "%d records, %s, %s"
                        .formatted(
                                rpo.path("records").asLong(),
                                bytes(rpo.path("bytes").asLong()),
                                seconds < 0 ? "age not known" : "%.1f s".formatted(seconds)));
        line(text, "achieved RTO", report.path("achieved_rto_ms").asLong() + " ms");
        line(
                text,
                "copied",
                "%d records in %d ms, %s"
                        .formatted(
                                report.path("position").asLong(),
                                report.path("copy_ms").asLong(),
                                report.path("same_as_standby").asBoolean()
                                        ? "the same as the standby"
                                        : "NOT the same as the standby"));
        line(
                text,
                "blobs",
                "%d read, %d bad"
                        .formatted(
                                report.path("blobs_read").asLong(),
                                report.path("blobs_bad").asLong()));
        line(text, "report", report.path("file").asText());
        return text + (report.path("passed").asBoolean() ? "passed" : "NOT passed") + "\n";
    }

    static String merged(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode set : answer.path("set_aside")) {
            text.append(
                    "records %d to %d:%n"
                            .formatted(set.path("first").asLong(), set.path("last").asLong()));
            set.path("records")
                    .properties()
                    .forEach(
                            state -> {
                                if (state.getValue().asLong() > 0) {
                                    line(text, "  " + state.getKey(), state.getValue().asText());
                                }
                            });
        }
        String failure = answer.path("failure").asText();
        return failure.isEmpty() ? text.toString() : text + "not finished: " + failure + "\n";
    }

    static String verified(JsonNode answer) {
        String failure = answer.path("failure").asText();
        if (!failure.isEmpty()) {
            return "not verified: " + failure + "\n";
        }
        JsonNode last = answer.path("last");
        StringBuilder text = new StringBuilder();
        line(text, "position", last.path("position").asText());
        line(text, "digest here", last.path("digest_here").asText());
        line(text, "digest there", last.path("digest_there").asText());
        JsonNode rows = last.path("rows");
        if (!rows.isMissingNode()) {
            line(
                    text,
                    "rows",
                    "%d read in %d ranges; %d different"
                            .formatted(
                                    rows.path("count").asLong(),
                                    rows.path("ranges").asLong(),
                                    rows.path("different").asLong()));
            rows.path("different_ranges").forEach(range -> line(text, "  range", range.asText()));
            rows.path("different_rows").forEach(row -> line(text, "  row", row.asText()));
        }
        if (last.path("deep").asBoolean()) {
            line(
                    text,
                    "blobs",
                    "%d read, %d bytes; %d missing, %d damaged, %d unavailable; %d brought again"
                            .formatted(
                                    last.path("blobs").asLong(),
                                    last.path("bytes").asLong(),
                                    last.path("missing").asLong(),
                                    last.path("damaged").asLong(),
                                    last.path("unavailable").asLong(),
                                    last.path("repaired").asLong()));
            last.path("bad_blobs").forEach(blob -> line(text, "", blob.asText()));
        }
        boolean passed = last.path("passed").asBoolean();
        return text.append(
                        passed
                                ? "the standby is what its primary is\n"
                                : "the standby is NOT what its primary is\n")
                .toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-15s%s%n".formatted(name, value));
    }
}
