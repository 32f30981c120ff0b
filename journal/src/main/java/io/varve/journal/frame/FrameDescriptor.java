package io.varve.journal.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;

/**
 * One frame: header, then payload. All numbers are little-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                    magic 'V' 'J' 'F' 0x1A                     |  0
 *  +---------------+---------------+-------------------------------+
 *  |    version    |     kind      |         header length         |  4
 *  +---------------+---------------+-------------------------------+
 *  |                        payload length                         |  8
 *  +---------------------------------------------------------------+
 *  |     CRC32C of the site id, then of all of the frame but this  | 12
 *  +---------------------------------------------------------------+
 *  |                           position                            | 16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                  time, microseconds since 1970                | 24
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                         writer epoch                          | 32
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |        synced position: durable on all mirrors by then        | 40
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                           partition                           | 48
 *  +---------------------------------------------------------------+
 *  |                         reserved, zero                        | 52
 *  +---------------------------------------------------------------+
 *  |                  chain hash (SHA-256, 32 bytes)               | 56
 *  +---------------------------------------------------------------+
 *  |                            payload                           ...  88
 * </pre>
 *
 * The chain hash of a record is SHA-256 over the chain hash of the record before (32 zero bytes
 * before the first), bytes 0–11, 16–39, 48–55 of its header, and its payload. The synced position
 * is left out, so that the same history has the same chain on every mirror and site; it lets a
 * reader tell damage from the torn end of a write (see {@code TailScan}).
 */
public final class FrameDescriptor {
    public static final int MAGIC = 'V' | 'J' << 8 | 'F' << 16 | 0x1A << 24;
    public static final byte VERSION = 1;

    /** A record; the payload is {@code record.proto}'s message. */
    public static final byte KIND_RECORD = 1;

    /** The first frame of each cycle file; see {@link CycleStart}. */
    public static final byte KIND_CYCLE_START = 2;

    public static final int PAYLOAD_LENGTH_OFFSET = 8;
    public static final int CRC_OFFSET = 12;
    public static final int POSITION_OFFSET = 16;
    public static final int TIME_OFFSET = 24;
    public static final int WRITER_EPOCH_OFFSET = 32;
    public static final int SYNCED_POSITION_OFFSET = 40;
    public static final int PARTITION_OFFSET = 48;
    public static final int RESERVED_OFFSET = 52;
    public static final int CHAIN_OFFSET = 56;
    public static final int CHAIN_LENGTH = 32;
    public static final int HEADER_LENGTH = CHAIN_OFFSET + CHAIN_LENGTH;

    public static final int SITE_ID_OFFSET = HEADER_LENGTH;
    public static final int CYCLE_NUMBER_OFFSET = SITE_ID_OFFSET + 16;
    public static final int CYCLE_START_LENGTH = CYCLE_NUMBER_OFFSET + 8;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private FrameDescriptor() {}

    /** Writes everything of the header but CRC and chain hash. */
    public static void putHeader(
            byte[] bytes,
            int offset,
            byte kind,
            int payloadLength,
            long position,
            long timeMicros,
            long writerEpoch,
            long syncedPosition,
            int partition) {
        putInt(bytes, offset, MAGIC);
        bytes[offset + 4] = VERSION;
        bytes[offset + 5] = kind;
        SHORT.set(bytes, offset + 6, (short) HEADER_LENGTH);
        putInt(bytes, offset + PAYLOAD_LENGTH_OFFSET, payloadLength);
        putLong(bytes, offset + POSITION_OFFSET, position);
        putLong(bytes, offset + TIME_OFFSET, timeMicros);
        putLong(bytes, offset + WRITER_EPOCH_OFFSET, writerEpoch);
        putLong(bytes, offset + SYNCED_POSITION_OFFSET, syncedPosition);
        putInt(bytes, offset + PARTITION_OFFSET, partition);
        putInt(bytes, offset + RESERVED_OFFSET, 0);
    }

    /** Whether this looks like a header that this version wrote. Looks at no checksum. */
    public static boolean isHeader(byte[] bytes, int offset) {
        byte kind = bytes[offset + 5];
        return getInt(bytes, offset) == MAGIC
                && bytes[offset + 4] == VERSION
                && (kind == KIND_RECORD || kind == KIND_CYCLE_START)
                && (short) SHORT.get(bytes, offset + 6) == HEADER_LENGTH
                && getInt(bytes, offset + PAYLOAD_LENGTH_OFFSET) >= 0;
    }

    public static int frameLength(byte[] bytes, int offset) {
        return HEADER_LENGTH + payloadLength(bytes, offset);
    }

    public static int payloadLength(byte[] bytes, int offset) {
        return getInt(bytes, offset + PAYLOAD_LENGTH_OFFSET);
    }

    public static byte kind(byte[] bytes, int offset) {
        return bytes[offset + 5];
    }

    public static long position(byte[] bytes, int offset) {
        return getLong(bytes, offset + POSITION_OFFSET);
    }

    public static long timeMicros(byte[] bytes, int offset) {
        return getLong(bytes, offset + TIME_OFFSET);
    }

    public static long writerEpoch(byte[] bytes, int offset) {
        return getLong(bytes, offset + WRITER_EPOCH_OFFSET);
    }

    public static long syncedPosition(byte[] bytes, int offset) {
        return getLong(bytes, offset + SYNCED_POSITION_OFFSET);
    }

    /** The chain hash, a copy. */
    public static byte[] chain(byte[] bytes, int offset) {
        return Arrays.copyOfRange(bytes, offset + CHAIN_OFFSET, offset + HEADER_LENGTH);
    }

    public static int partition(byte[] bytes, int offset) {
        return getInt(bytes, offset + PARTITION_OFFSET);
    }

    public static void putSiteId(byte[] bytes, int offset, UUID siteId) {
        putLong(bytes, offset + SITE_ID_OFFSET, siteId.getMostSignificantBits());
        putLong(bytes, offset + SITE_ID_OFFSET + 8, siteId.getLeastSignificantBits());
    }

    public static UUID siteId(byte[] bytes, int offset) {
        return new UUID(
                getLong(bytes, offset + SITE_ID_OFFSET),
                getLong(bytes, offset + SITE_ID_OFFSET + 8));
    }

    public static int getInt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    public static long getLong(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    public static void putInt(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    public static void putLong(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }
}
