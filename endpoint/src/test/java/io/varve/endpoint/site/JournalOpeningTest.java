package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

final class JournalOpeningTest {
    @TempDir Path directory;

    @Test
    void oneOfAPairHasNoJournalOnKafka() {
        SiteConfig config =
                SiteConfig.of(directory)
                        .withKafka(
                                new KafkaJournalSettings(
                                        "127.0.0.1:1",
                                        "topic",
                                        3,
                                        2,
                                        Duration.ofSeconds(10),
                                        Map.of()));
        SiteIdentity identity = new SiteIdentity(new UUID(1, 2), true);
        SiteException refusal =
                assertThrows(
                        SiteException.class, () -> JournalOpening.open(config, identity, true));
        assertTrue(String.valueOf(refusal.getMessage()).contains("pair"));
    }
}
