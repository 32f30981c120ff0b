package io.varve.endpoint.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;

final class LineFormatterTest {
    private static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("io.varve.endpoint.server.HttpServer");
        record.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        return record;
    }

    @Test
    void warningIsOneLineWithItsCauses() {
        LogRecord record = record(Level.WARNING, "cannot\nwrite {0}");
        record.setParameters(new Object[] {"it"});
        record.setThrown(new IllegalStateException("a", new IllegalArgumentException("b")));
        assertEquals(
                "2026-01-02T03:04:05.678Z WARN  server.HttpServer: cannot\\nwrite it:"
                        + " java.lang.IllegalStateException: a:"
                        + " java.lang.IllegalArgumentException: b\n",
                new LineFormatter().format(record));
    }

    @Test
    void errorBringsItsStackTrace() {
        LogRecord record = record(Level.SEVERE, "broken");
        record.setThrown(new IllegalStateException("a"));
        String text = new LineFormatter().format(record);
        assertTrue(text.startsWith("2026-01-02T03:04:05.678Z ERROR server.HttpServer: broken"));
        assertTrue(text.contains("\tat io.varve.endpoint.logs.LineFormatterTest"), text);
    }
}
