package io.varve.endpoint.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class QuantitiesTest {
    @Test
    void readsPartsOfAUnitExactly() throws ValueException {
        assertEquals(1_610_612_736L, Quantities.bytes("1.5 GiB"));
        assertEquals(1_288_490_188_800L, Quantities.bytes("1.171875TiB"));
        assertEquals(7L << 50, Quantities.bytes("7.000000000 PiB"));
        assertEquals(0, Quantities.bytes("0.0 B"));
        assertEquals(Duration.ofMillis(1_001), Quantities.duration("1.001 s"));
        assertEquals(Duration.ofHours(36), Quantities.duration("1.5 d"));
    }

    @Test
    void refusesWhatIsNoWholeNumberOrTooLarge() {
        for (String text :
                new String[] {"0.1 KiB", "1.5 B", "999999999999999 PiB", "1 MB", "-1 B"}) {
            assertThrows(ValueException.class, () -> Quantities.bytes(text), text);
        }
        assertThrows(ValueException.class, () -> Quantities.duration("0.0001 s"));
    }
}
