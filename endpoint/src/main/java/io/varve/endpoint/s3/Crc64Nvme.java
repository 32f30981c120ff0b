package io.varve.endpoint.s3;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64/NVME: polynomial 0xAD93D23594C93659, bits reflected, initial value and final exclusive-or
 * all ones. Sixteen bytes a step by tables (8 bytes of state and the 8 bytes after them are looked
 * up independently, so the look-ups overlap). Not safe for use by several threads.
 */
final class Crc64Nvme {
    /** The polynomial, bits reflected. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final int STEP = 16;
    private static final long[][] TABLES = tables();
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long state = -1;

    private static long[][] tables() {
        long[][] tables = new long[STEP][256];
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
            }
            tables[0][i] = crc;
        }
        for (int table = 1; table < STEP; table++) {
            for (int i = 0; i < 256; i++) {
                long before = tables[table - 1][i];
                tables[table][i] = before >>> 8 ^ tables[0][(int) (before & 0xFF)];
            }
        }
        return tables;
    }

    void update(byte[] bytes, int offset, int length) {
        long crc = state;
        int at = offset;
        int end = offset + length;
        for (; end - at >= STEP; at += STEP) {
            long first = crc ^ (long) LONGS.get(bytes, at);
            long second = (long) LONGS.get(bytes, at + 8);
            crc = folded(first, 8) ^ folded(second, 0);
        }
        for (; at < end; at++) {
            crc = crc >>> 8 ^ TABLES[0][(int) (crc ^ bytes[at]) & 0xFF];
        }
        state = crc;
    }

    /** Eight bytes moved on by the tables from this one up; the first byte needs the last table. */
    private static long folded(long eight, int table) {
        return TABLES[table + 7][(int) eight & 0xFF]
                ^ TABLES[table + 6][(int) (eight >>> 8) & 0xFF]
                ^ TABLES[table + 5][(int) (eight >>> 16) & 0xFF]
                ^ TABLES[table + 4][(int) (eight >>> 24) & 0xFF]
                ^ TABLES[table + 3][(int) (eight >>> 32) & 0xFF]
                ^ TABLES[table + 2][(int) (eight >>> 40) & 0xFF]
                ^ TABLES[table + 1][(int) (eight >>> 48) & 0xFF]
                ^ TABLES[table][(int) (eight >>> 56)];
    }

    long value() {
        return ~state;
    }
}
