package io.varve.endpoint.logs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line for each record: time, level, who, what, and the chain of causes. A stack trace follows
 * only where somebody has to look: at ERROR, and at DEBUG.
 */
final class LineFormatter extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int MAX_CAUSES = 8;

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(record.getInstant(), line);
        line.append(' ').append(name(record.getLevel())).append(' ');
        line.append(shortened(record.getLoggerName())).append(": ");
        appendOnOneLine(line, formatMessage(record));
        Throwable thrown = record.getThrown();
        if (thrown == null) {
            return line.append('\n').toString();
        }
        int causes = 0;
        for (Throwable cause = thrown; cause != null && causes < MAX_CAUSES; causes++) {
            line.append(": ");
            appendOnOneLine(line, cause.toString());
            cause = cause.getCause();
        }
        line.append('\n');
        int level = record.getLevel().intValue();
        if (level >= Level.SEVERE.intValue() || level < Level.INFO.intValue()) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        return line.toString();
    }

    private static String name(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN ";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
    }

    /** {@code io.varve.endpoint.server.HttpServer} becomes {@code server.HttpServer}. */
    private static String shortened(String logger) {
        if (logger == null) {
            return "-";
        }
        int last = logger.lastIndexOf('.');
        int before = last <= 0 ? -1 : logger.lastIndexOf('.', last - 1);
        return logger.substring(before + 1);
    }

    private static void appendOnOneLine(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else {
                line.append(c < 0x20 ? ' ' : c);
            }
        }
    }
}
