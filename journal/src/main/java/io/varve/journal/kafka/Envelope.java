package io.varve.journal.kafka;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a writer sends to the brokers: a draft, or a word of the writers among themselves. All
 * numbers are little-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                    magic 'V' 'J' 'K' 0x1A                     |  0
 *  +---------------+---------------+-------------------------------+
 *  |    version    |     kind      |         header length         |  4
 *  +---------------+---------------+-------------------------------+
 *  |                        payload length                         |  8
 *  +---------------------------------------------------------------+
 *  |   CRC32C of the site id, then of all of the envelope but this | 12
 *  +---------------------------------------------------------------+
 *  |            the writer's time, microseconds since 1970         | 16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                         writer epoch                          | 24
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |        writer (16 bytes), drawn anew whenever one opens       | 32
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |              number of the envelope with its writer           | 48
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                            payload                           ...  56
 * </pre>
 *
 * @param payload of a draft its encoded form, of a founding the site's id, of a stored record its
 *     frame, else empty; never changed
 */
record Envelope(
        Kind kind, long timeMicros, long writerEpoch, UUID writer, long number, byte[] payload) {
    static final int HEADER_LENGTH = 56;
    static final int SITE_ID_LENGTH = 16;

    private static final int MAGIC = 'V' | 'J' << 8 | 'K' << 16 | 0x1A << 24;
    private static final byte VERSION = 1;
    private static final int CRC_OFFSET = 12;
    private static final int TIME_OFFSET = 16;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    enum Kind {
        /** Says whose journal this is; the first one counts. */
        FOUNDING(1),
        /** A draft that becomes a record where it stands. */
        DRAFT(2),
        /** From here on, what writers of an older epoch send is passed over. */
        EPOCH(3),
        /** Changes nothing: that it stands proves what stood before it. */
        BARRIER(4),
        /** A record of another journal, which this one follows, as it stands there. */
        STORED(5);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    /** What bytes turned out to be. */
    sealed interface Read {
        record Whole(Envelope envelope) implements Read {}

        /** Nothing that a writer of this site sent. */
        record Foreign(String reason) implements Read {}

        /** Sent by a newer version of this software: it must not be passed over. */
        record TooNew(String reason) implements Read {}
    }

    byte[] encode(UUID siteId) {
        byte[] bytes = new byte[HEADER_LENGTH + payload.length];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put(VERSION).put(kind.code).putShort((short) HEADER_LENGTH);
        out.putInt(payload.length).putInt(0).putLong(timeMicros).putLong(writerEpoch);
        out.putLong(writer.getMostSignificantBits()).putLong(writer.getLeastSignificantBits());
        out.putLong(number).put(payload);
        INT.set(bytes, CRC_OFFSET, crc(bytes, crcSiteId(kind, siteId)));
        return bytes;
    }

    static Read decode(byte[] bytes, UUID siteId) {
        if (bytes.length < HEADER_LENGTH || (int) INT.get(bytes, 0) != MAGIC) {
            return new Read.Foreign("no envelope");
        }
        if (bytes[4] != VERSION) {
            return new Read.TooNew("envelope version is unknown: " + bytes[4]);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Kind kind = null;
        for (Kind known : Kind.values()) {
            if (known.code == bytes[5]) {
                kind = known;
            }
        }
        if ((short) SHORT.get(bytes, 6) != HEADER_LENGTH
                || in.getInt(8) != bytes.length - HEADER_LENGTH) {
            return new Read.Foreign("envelope has another length than it says");
        }
        if ((int) INT.get(bytes, CRC_OFFSET) != crc(bytes, crcSiteId(kind, siteId))) {
            return new Read.Foreign("checksum mismatch: damaged, or of another site");
        }
        if (kind == null) {
            return new Read.TooNew("envelope kind is unknown: " + bytes[5]);
        }
        in.position(TIME_OFFSET);
        return new Read.Whole(
                new Envelope(
                        kind,
                        in.getLong(),
                        in.getLong(),
                        new UUID(in.getLong(), in.getLong()),
                        in.getLong(),
                        Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length)));
    }

    static byte[] encodeSiteId(UUID siteId) {
        return ByteBuffer.allocate(SITE_ID_LENGTH)
                .putLong(siteId.getMostSignificantBits())
                .putLong(siteId.getLeastSignificantBits())
                .array();
    }

    static UUID decodeSiteId(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        return new UUID(in.getLong(), in.getLong());
    }

    /** Who sends or reads a founding, or asks how far it got, does not know the site yet. */
    private static UUID crcSiteId(@Nullable Kind kind, UUID id) {
        return kind == Kind.FOUNDING || kind == Kind.BARRIER ? FoldPlace.NOBODY : id;
    }

    private static int crc(byte[] bytes, UUID siteId) {
        CRC32C crc = new CRC32C();
        crc.update(encodeSiteId(siteId));
        crc.update(bytes, 0, CRC_OFFSET);
        crc.update(bytes, TIME_OFFSET, bytes.length - TIME_OFFSET);
        return (int) crc.getValue();
    }
}
