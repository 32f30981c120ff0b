package io.varve.projections.namespace;

import io.varve.projections.ViewDamagedException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the bytes of a row apart, as {@link RowWriter} put them. What does not fit is {@link
 * ViewDamagedException}.
 */
final class RowReader {
    private final byte[] bytes;
    private int offset;

    RowReader(byte[] bytes) {
        this(bytes, 0);
    }

    RowReader(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.offset = offset;
    }

    int offset() {
        return offset;
    }

    private int take(int count) {
        if (count < 0 || count > bytes.length - offset) {
            throw damaged("ends early");
        }
        int at = offset;
        offset += count;
        return at;
    }

    ViewDamagedException damaged(String what) {
        return new ViewDamagedException(
                "row cannot be read: " + what + ", offset=" + offset + ", size=" + bytes.length);
    }

    /** The version byte that each row starts with. */
    RowReader version(int expected) {
        int version = u8();
        if (version != expected) {
            throw damaged("version=" + version + ", expected=" + expected);
        }
        return this;
    }

    int u8() {
        return bytes[take(1)] & 0xFF;
    }

    int fixed32() {
        int at = take(Integer.BYTES);
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    long fixed64() {
        int at = take(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw damaged("number without end");
    }

    /** A number that counts or measures something in memory. */
    int varint32() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw damaged("count=" + value);
        }
        return (int) value;
    }

    byte[] raw(int count) {
        int at = take(count);
        return Arrays.copyOfRange(bytes, at, at + count);
    }

    String string() {
        int count = varint32();
        return new String(bytes, take(count), count, StandardCharsets.UTF_8);
    }

    byte[] rest() {
        return raw(bytes.length - offset);
    }
}
