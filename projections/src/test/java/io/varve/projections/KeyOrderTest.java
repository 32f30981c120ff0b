package io.varve.projections;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class KeyOrderTest {
    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void findsTheEndOfAPrefix() {
        assertArrayEquals(bytes(1, 3), KeyOrder.afterPrefix(bytes(1, 2)));
        assertArrayEquals(bytes(2), KeyOrder.afterPrefix(bytes(1, 0xFF, 0xFF)));
        assertNull(KeyOrder.afterPrefix(bytes(0xFF, 0xFF)));
        assertNull(KeyOrder.afterPrefix(bytes()));
    }
}
