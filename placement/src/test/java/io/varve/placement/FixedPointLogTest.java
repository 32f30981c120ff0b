package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

class FixedPointLogTest {
    private static final int COUNT = 1 << 16;

    @Test
    void equalsCephsForEveryArgument() {
        ByteBuffer values = ByteBuffer.allocate(COUNT * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int u = 0; u < COUNT; u++) {
            values.putLong(FixedPointLog.of(u));
        }
        CRC32 crc = new CRC32();
        crc.update(values.flip());
        assertEquals(0x42360732L, crc.getValue());
    }

    @Test
    void staysNearTheLogarithm() {
        for (int u = 0; u < COUNT; u++) {
            double exact = Math.log(u + 1) / Math.log(2);
            double computed = FixedPointLog.of(u) / (double) (1L << 44);
            assertTrue(Math.abs(exact - computed) < 5e-5, "u=" + u);
        }
    }
}
