package io.varve.projections.namespace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds the bytes of a row. Numbers of more than one byte are big-endian. */
final class RowWriter {
    private byte[] bytes = new byte[192];
    private int length;

    /**
     * May replace the array, so it has to come in a statement of its own before it is written to.
     */
    private int reserve(int more) {
        int at = length;
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(at + more, bytes.length * 2));
        }
        length = at + more;
        return at;
    }

    RowWriter u8(int value) {
        int at = reserve(1);
        bytes[at] = (byte) value;
        return this;
    }

    RowWriter fixed32(int value) {
        int at = reserve(Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> (24 - 8 * i));
        }
        return this;
    }

    RowWriter fixed64(long value) {
        int at = reserve(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> (56 - 8 * i));
        }
        return this;
    }

    /** Seven bits per byte, lowest first, the top bit set on all but the last. */
    RowWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    RowWriter raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    RowWriter raw(byte[] value, int offset, int count) {
        int at = reserve(count);
        System.arraycopy(value, offset, bytes, at, count);
        return this;
    }

    /** Its length in UTF-8, then the UTF-8. */
    RowWriter string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return varint(utf8.length).raw(utf8);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
