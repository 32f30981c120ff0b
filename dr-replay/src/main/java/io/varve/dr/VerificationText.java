package io.varve.dr;

import java.util.Locale;

/** A {@link VerificationReport} for people and for programs. */
public final class VerificationText {
    private VerificationText() {}

    public static String toText(VerificationReport report) {
        StringBuilder text = new StringBuilder();
        text.append("position       ").append(report.position());
        text.append(" of ").append(report.endPosition()).append('\n');
        text.append("digest kept    ").append(report.kept()).append('\n');
        text.append("digest counted ").append(report.counted()).append('\n');
        text.append("digest replay  ").append(report.replayed()).append('\n');
        if (report.passed()) {
            return text.append("the view is what the journal says\n").toString();
        }
        text.append("the view is NOT what the journal says: ");
        text.append(report.differenceCount()).append(" rows differ");
        if (!report.kept().equals(report.counted())) {
            text.append(", and the digest it keeps is not that of its rows");
        }
        text.append('\n');
        for (ViewDifference difference : report.differences()) {
            text.append("  ").append(name(difference.kind()));
            text.append("  ").append(difference.row().table());
            text.append("  ").append(difference.row().id());
            text.append("  ").append(quote(difference.row().key())).append('\n');
        }
        long unnamed = report.differenceCount() - report.differences().size();
        if (unnamed > 0) {
            text.append("  and ").append(unnamed).append(" more\n");
        }
        return text.toString();
    }

    private static String name(ViewDifference.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** One line. */
    public static String toJson(VerificationReport report) {
        StringBuilder json = new StringBuilder("{\"passed\":").append(report.passed());
        json.append(",\"position\":").append(report.position());
        json.append(",\"endPosition\":").append(report.endPosition());
        json.append(",\"kept\":").append(quote(report.kept().toString()));
        json.append(",\"counted\":").append(quote(report.counted().toString()));
        json.append(",\"replayed\":").append(quote(report.replayed().toString()));
        json.append(",\"differenceCount\":").append(report.differenceCount());
        json.append(",\"differences\":[");
        String separator = "";
        for (ViewDifference difference : report.differences()) {
            json.append(separator).append("{\"kind\":").append(quote(name(difference.kind())));
            json.append(",\"table\":").append(quote(difference.row().table()));
            json.append(",\"id\":").append(difference.row().id());
            json.append(",\"key\":").append(quote(difference.row().key())).append('}');
            separator = ",";
        }
        return json.append("]}\n").toString();
    }

    /** One line, for a view that cannot be read to its end, or not at all. */
    public static String toJson(String fault) {
        return "{\"passed\":false,\"fault\":" + quote(fault) + "}\n";
    }

    /** As JSON has it, which also keeps a hostile key from looking like another line. */
    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || (c >= 0x7F && c < 0xA0)) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
