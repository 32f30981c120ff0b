package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightTest {
    @ParameterizedTest
    @CsvSource({
        "1, 65536",
        "1.000, 65536",
        ".5, 32768",
        "5., 327680",
        "1e2, 6553600",
        "3.638, 238419",
        "1.81940, 119236",
        "0.00001, 0",
        "0.00002, 1",
        "+7, 458752",
        "40000, 2621440000",
    })
    void cutsToSinglePrecisionAndFixedPoint(String text, long fixed) {
        assertEquals(fixed, Weight.parse(text).fixed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1f", "NaN", "Infinity", "0x1", "1..2", "1e9", "65536", "1e99"})
    void refusesWhatIsNoWeight(String text) {
        assertThrows(IllegalArgumentException.class, () -> Weight.parse(text));
    }

    @Test
    void textReadsBackAsTheSameWeight() {
        Seeds.each(
                20,
                random -> {
                    for (int i = 0; i < 1000; i++) {
                        Weight weight =
                                Weight.of(Math.pow(10, random.nextDouble() * 9 - 5) % 65536);
                        assertEquals(weight, Weight.parse(weight.toString()));
                        assertEquals(weight, Weight.parse(weight.toExactText(5)));
                    }
                });
    }

    @Test
    void knowsWhatItsTextCannotHold() {
        assertTrue(new Weight((1L << 24) - 1).hasText());
        assertFalse(new Weight((1L << 24) + 1).hasText());
    }

    @Test
    void refusesSumsBeyondThirtyTwoBits() {
        Weight large = Weight.of(40000);
        assertThrows(IllegalArgumentException.class, () -> large.plus(large));
    }
}
