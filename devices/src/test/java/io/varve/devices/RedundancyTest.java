package io.varve.devices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class RedundancyTest {
    @Test
    void isReadAsItIsWritten() {
        for (String text : new String[] {"1", "2", "3", "16", "1+1", "4+2", "8+3", "27+4"}) {
            assertEquals(text, Redundancy.parse(text).toString());
        }
        assertEquals(new Redundancy.Copies(3, 2), Redundancy.parse("3"));
        assertEquals(new Redundancy.Copies(1, 1), Redundancy.parse("1"));
        assertEquals(new Redundancy.Erasure(4, 2, 5), Redundancy.parse("4+2"));
    }

    @Test
    void tellsWhatItCostsAndBears() {
        Redundancy erasure = Redundancy.parse("4+2");
        assertEquals(6, erasure.width());
        assertEquals(2, erasure.tolerance());
        assertEquals(1.5, erasure.overhead());
        assertEquals(6, erasure.withMin(6).min());
        Redundancy copies = Redundancy.parse("3");
        assertEquals(3, copies.width());
        assertEquals(2, copies.tolerance());
        assertEquals(3.0, copies.overhead());
        assertEquals(1, copies.withMin(1).min());
    }

    @Test
    void refusesWhatCannotBeKept() {
        for (String text :
                new String[] {
                    "", "0", "17", "x", "4+", "+2", "0+2", "4+0", "4+2+1", "30+2", "-1"
                }) {
            assertThrows(IllegalArgumentException.class, () -> Redundancy.parse(text), text);
        }
        Redundancy erasure = Redundancy.parse("4+2");
        assertThrows(IllegalArgumentException.class, () -> erasure.withMin(3));
        assertThrows(IllegalArgumentException.class, () -> erasure.withMin(7));
    }
}
