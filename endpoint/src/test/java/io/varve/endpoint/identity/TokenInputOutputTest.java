package io.varve.endpoint.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A request's token is looked at for each request: that must cost no file and no socket. */
class TokenInputOutputTest {
    private static final List<String> EVENTS =
            List.of(
                    "jdk.FileRead",
                    "jdk.FileWrite",
                    "jdk.FileForce",
                    "jdk.SocketRead",
                    "jdk.SocketWrite");

    @TempDir Path directory;

    private final TestClock clock = new TestClock();
    private final FoldingLedger ledger = new FoldingLedger(clock);

    @Test
    void validatesATokenWithoutInputOrOutput() throws IOException {
        IdentityService service =
                IdentityService.open(
                        new IdentityLedger(ledger, ledger.identity()),
                        new IdentityService.Settings(
                                directory,
                                "root-secret",
                                Duration.ofHours(1),
                                Duration.ofDays(7),
                                1),
                        clock);
        String token =
                assertInstanceOf(
                                Login.Granted.class,
                                service.logins()
                                        .byPassword(
                                                service.view().user("admin").orElseThrow(),
                                                "admin",
                                                "root-secret",
                                                new Logins.Wish.Default(),
                                                "host"))
                        .text();
        int records = ledger.records().size();
        Action validation =
                () -> {
                    for (int i = 0; i < 1000; i++) {
                        assertTrue(service.identify(token).isPresent());
                        assertTrue(service.identify(token + "x").isEmpty());
                    }
                };
        // The classes are read at their first use.
        validation.run();
        assertEquals(0, events(validation));
        assertEquals(records, ledger.records().size());
        // That they would have been seen:
        assertTrue(events(() -> assertEquals(2, Files.size(Files.writeString(file(), "12")))) > 0);
    }

    private Path file() {
        return directory.resolve("file");
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** Those of this thread. */
    private long events(Action action) throws IOException {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            EVENTS.forEach(name -> recording.enable(name).withThreshold(Duration.ZERO));
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        long own = Thread.currentThread().threadId();
        long count = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            boolean kind = EVENTS.contains(event.getEventType().getName());
            if (kind && event.getThread() != null && event.getThread().getJavaThreadId() == own) {
                count++;
            }
        }
        return count;
    }
}
