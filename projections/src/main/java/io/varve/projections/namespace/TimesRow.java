package io.varve.projections.namespace;

import io.varve.projections.Checkpoint;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The times of up to 64 records that follow each other, so that the position of a time is found
 * without the journal. One row holds each 64 whole; those since then are in a row that goes with
 * the checkpoint.
 */
@SuppressWarnings("ArrayRecordComponent")
record TimesRow(long firstPosition, long[] micros) {
    private static final int FORMAT_VERSION = 1;
    private static final int COUNT_BITS = 6;
    private static final int COUNT_MAX = 1 << COUNT_BITS;

    /** The row of those that are not 64 yet. It belongs to the store, as the checkpoint does. */
    static final byte[] OPEN_KEY = {Checkpoint.TABLE, 't'};

    /** The row that a record's time is in, once it is whole. */
    static long numberOf(long position) {
        return position >>> COUNT_BITS;
    }

    static byte[] key(long number) {
        return NamespaceKeys.of(NamespaceKeys.TIMES, number);
    }

    long number() {
        return numberOf(firstPosition);
    }

    long lastPosition() {
        return firstPosition + micros.length - 1;
    }

    /** Whether the next record belongs to the next row. */
    boolean whole() {
        return ((lastPosition() + 1) & (COUNT_MAX - 1)) == 0;
    }

    TimesRow with(long nextMicros) {
        long[] more = Arrays.copyOf(micros, micros.length + 1);
        more[micros.length] = nextMicros;
        return new TimesRow(firstPosition, more);
    }

    long microsOf(long position) {
        return micros[Math.toIntExact(position - firstPosition)];
    }

    /** The last of these records that is no later; the one before the first when all are. */
    long positionAt(long time) {
        long position = lastPosition();
        while (position >= firstPosition && microsOf(position) > time) {
            position--;
        }
        return position;
    }

    /**
     * @return null before the first record
     */
    static @Nullable TimesRow readOpen(ViewReader rows) {
        byte[] value = rows.get(OPEN_KEY);
        return value == null ? null : decode(value);
    }

    static @Nullable TimesRow read(ViewReader rows, long number) {
        byte[] value = rows.get(key(number));
        return value == null ? null : decode(value);
    }

    static TimesRow decode(byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        long first = from.varint();
        int count = from.varint32();
        if (count < 1 || count > COUNT_MAX) {
            throw from.damaged("times of " + count + " records");
        }
        long[] micros = new long[count];
        long before = 0;
        for (int i = 0; i < count; i++) {
            before += from.varint();
            micros[i] = before;
        }
        return new TimesRow(first, micros);
    }

    byte[] toBytes() {
        RowWriter to =
                new RowWriter().u8(FORMAT_VERSION).varint(firstPosition).varint(micros.length);
        long before = 0;
        for (long time : micros) {
            to.varint(time - before);
            before = time;
        }
        return to.toBytes();
    }
}
