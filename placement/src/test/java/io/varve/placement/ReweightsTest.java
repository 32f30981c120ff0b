package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReweightsTest {
    @Test
    void readsLinesOfDeviceAndShare() {
        Reweights parsed = Reweights.parse("8 0.5\n\n# all out\n11\t0.0  # broken\n3 7\n");
        assertEquals(Reweights.NONE.with(8, 0.5).with(11, 0), parsed);
        assertEquals(parsed.hashCode(), Reweights.NONE.with(11, 0).with(8, 0.5).hashCode());
        assertEquals(0.5, parsed.share(8));
        assertEquals(1.0, parsed.share(500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1 2 3", "x 1", "1 x", "-1 1", "1 NaN", "99999999 1"})
    void namesTheLineOfAMistake(String line) {
        CrushMapException e =
                assertThrows(CrushMapException.class, () -> Reweights.parse("0 1\n" + line));
        assertEquals(2, e.line());
        assertTrue(e.toString().contains(line.strip()), e.toString());
    }
}
