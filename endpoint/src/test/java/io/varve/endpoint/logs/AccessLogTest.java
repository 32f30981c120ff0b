package io.varve.endpoint.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.ExchangeObserver.Exchange;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

final class AccessLogTest {
    private static Exchange exchange(HttpRequest request) {
        return new Exchange(request, 200, true, 3, 4396, 812_345);
    }

    @Test
    void lineSaysWhoDidWhatAndHowItWent() {
        HttpRequest request =
                TestRequest.of("GET", "/b/k?versionId=x")
                        .header("User-Agent", "aws-cli/2.15")
                        .build();
        request.notes().operation("GetObject");
        request.notes().principal("root");
        assertEquals(
                "2026-01-02T03:04:05.000Z 127.0.0.1:40000 http - GetObject GET"
                        + " \"/b/k?versionId=x\" 200 ok in=3 out=4396 us=812"
                        + " id=0123456789ABCDEF1122334455667788 principal=\"root\" error=-"
                        + " agent=\"aws-cli/2.15\"\n",
                AccessLine.of(exchange(request)));
    }

    @Test
    void whatAClientChoseCannotForgeALine() {
        String line =
                AccessLine.of(
                        exchange(
                                TestRequest.of("GET", "/\"\\x")
                                        .header("User-Agent", "a\"b\r\nforged\u0000\u0085")
                                        .build()));
        assertEquals(1, line.lines().count());
        assertTrue(line.contains("\"/\\\"\\\\x\""), line);
        assertTrue(line.contains("agent=\"a\\\"b\\x0D\\x0Aforged\\x00\\x85\""), line);
    }

    @Test
    void signaturesAndTokensOfAQueryAreLeftOut() {
        String line =
                AccessLine.of(
                        exchange(
                                TestRequest.of(
                                                "GET",
                                                "/b?X-Amz-Signature=abc&x=1&Signature=def&"
                                                        + "X-Amz-Security-Token=ghi&y=2")
                                        .build()));
        assertFalse(line.contains("abc") || line.contains("def") || line.contains("ghi"), line);
        assertTrue(line.contains("&x=1&") && line.contains("&y=2"), line);
    }

    @Test
    void fileIsSetAsideAtItsSizeAndTheOldestGoes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("log/access.log");
        try (RotatingFile rotating = new RotatingFile(file, 20, 3)) {
            for (int i = 1; i <= 7; i++) {
                rotating.write("line " + i + " ..\n");
            }
        }
        assertEquals(List.of("line 7 .."), Files.readAllLines(file));
        assertEquals(List.of("line 5 ..", "line 6 .."), lines(directory, 1));
        assertEquals(List.of("line 3 ..", "line 4 .."), lines(directory, 2));
        assertFalse(Files.exists(directory.resolve("log/access.log.3")));
        try (RotatingFile again = new RotatingFile(file, 20, 3)) {
            again.write("line 8 ..\n");
        }
        assertEquals(List.of("line 7 ..", "line 8 .."), Files.readAllLines(file));
    }

    private static List<String> lines(Path directory, int number) throws IOException {
        return Files.readAllLines(directory.resolve("log/access.log." + number));
    }

    @Test
    void closeWritesWhatWaits() {
        List<String> written = new ArrayList<>();
        AccessLog log = new AccessLog(new ListSink(written, new CountDownLatch(0)));
        for (int i = 0; i < 5000; i++) {
            log.completed(exchange(TestRequest.of("GET", "/" + i).build()));
        }
        log.close();
        assertEquals(5000, written.size());
        assertEquals(0, log.dropped());
    }

    @Test
    void linesAreDroppedAndCountedWhenTheSinkHangs() {
        List<String> written = new ArrayList<>();
        CountDownLatch hang = new CountDownLatch(1);
        int sent = 70_000;
        AccessLog log = new AccessLog(new ListSink(written, hang));
        HttpRequest request = TestRequest.of("GET", "/").build();
        for (int i = 0; i < sent; i++) {
            log.completed(exchange(request));
        }
        hang.countDown();
        log.close();
        assertTrue(log.dropped() > 0);
        assertEquals(sent, written.size() + log.dropped());
    }

    private record ListSink(List<String> written, CountDownLatch released)
            implements AccessLog.Sink {
        @Override
        public void write(String line) throws IOException {
            boolean waited = false;
            while (!waited) {
                try {
                    released.await();
                    waited = true;
                } catch (InterruptedException _) {
                    // Closing interrupts; the lines are to be written all the same.
                }
            }
            written.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
