package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

class TimestampsTest {
    private static final Instant INSTANT = Instant.parse("1994-11-06T08:49:37Z");
    private static final long MICROS = INSTANT.getEpochSecond() * 1_000_000 + 999_999;

    @Test
    void showsWholeSecondsInEveryForm() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", Timestamps.http(MICROS));
        assertEquals("1994-11-06T08:49:37.000Z", Timestamps.iso(MICROS));
        assertEquals("1994-11-06T08:49:37Z", Timestamps.isoSeconds(INSTANT));
        assertEquals("19941106T084937Z", Timestamps.basic(INSTANT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994"
            })
    void readsEveryFormOfHttp(String text) {
        assertEquals(Optional.of(INSTANT), Timestamps.parseHttp(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "1994-11-06T08:49:37Z", "Mon, 06 Nov 1994 08:49:37 GMT"})
    void readsNothingElse(String text) {
        assertEquals(Optional.empty(), Timestamps.parseHttp(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "19941106", "19941306T084937Z", "19941106T084937", "x9941106T084937Z"})
    void readsOnlyTheBasicFormInSignatures(String text) {
        assertEquals(Optional.empty(), Timestamps.parseBasic(text));
        assertEquals(Optional.of(INSTANT), Timestamps.parseBasic("19941106T084937Z"));
    }

    @Test
    void writesAndReadsEveryTimeAsTheJdkDoes() {
        DateTimeFormatter basic =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC);
        Random random = new Random(17);
        for (int i = 0; i < 10_000; i++) {
            Instant instant =
                    Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 200_000_000_000L));
            assertEquals(basic.format(instant), Timestamps.basic(instant));
            assertEquals(instant.toString(), Timestamps.isoSeconds(instant));
            assertEquals(Optional.of(instant), Timestamps.parseBasic(basic.format(instant)));
        }
    }
}
