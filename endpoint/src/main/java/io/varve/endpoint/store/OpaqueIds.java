package io.varve.endpoint.store;

import io.varve.journal.record.VersionId;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Version ids and upload ids as clients see them: opaque, of fixed length, safe in a URL. Each is a
 * journal position, permuted so that nobody comes to depend on its order, with a check so that an
 * id which was never given out is told from one whose version is gone. They are no secret.
 *
 * <pre>
 *   96 bits as 20 digits of base 32:  permuted position (64) | check (32)
 * </pre>
 */
public final class OpaqueIds {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
    private static final int LENGTH = 20;
    private static final String NULL_VERSION = "null";

    private static final long VERSION_KIND = 0x7661727665207631L;
    private static final long UPLOAD_KIND = 0x7661727665207532L;

    private OpaqueIds() {}

    public static String ofVersion(VersionId version) {
        return version.isNull() ? NULL_VERSION : encode(version.position(), VERSION_KIND);
    }

    public static String ofUpload(long uploadId) {
        return encode(uploadId, UPLOAD_KIND);
    }

    /** The version a client names; empty when it is none that we gave out. */
    public static Optional<VersionId> version(String wireId) {
        if (wireId.equals(NULL_VERSION)) {
            return Optional.of(VersionId.NULL);
        }
        OptionalLong position = decode(wireId, VERSION_KIND);
        return position.isEmpty() || position.getAsLong() <= 0
                ? Optional.empty()
                : Optional.of(new VersionId(position.getAsLong()));
    }

    /** The upload a client names; empty when it is none that we gave out. */
    public static OptionalLong upload(String wireId) {
        return decode(wireId, UPLOAD_KIND);
    }

    private static String encode(long position, long kind) {
        long permuted = permute(position ^ kind);
        int check = check(permuted, kind);
        char[] id = new char[LENGTH];
        // 96 bits are 19 digits and one bit: the first digit holds the topmost bit alone.
        long high = permuted;
        long low = Integer.toUnsignedLong(check);
        for (int i = LENGTH - 1; i >= 0; i--) {
            id[i] = DIGITS.charAt((int) (low & 31));
            low = low >>> 5 | (high & 31) << 27;
            high >>>= 5;
        }
        return new String(id);
    }

    private static OptionalLong decode(String id, long kind) {
        if (id.length() != LENGTH) {
            return OptionalLong.empty();
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = DIGITS.indexOf(id.charAt(i));
            if (digit < 0 || (i == 0 && digit > 1)) {
                return OptionalLong.empty();
            }
            high = high << 5 | low >>> 27;
            low = (low << 5 | digit) & 0xFFFF_FFFFL;
        }
        if (check(high, kind) != (int) low) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(unpermute(high) ^ kind);
    }

    private static int check(long permuted, long kind) {
        return (int) (permute(permuted + Long.rotateLeft(kind, 17)) >>> 32);
    }

    /** A bijection of 64 bits: multiplications by odd numbers and right shifts, each invertible. */
    private static long permute(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        mixed ^= mixed >>> 32;
        mixed *= 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }

    private static long unpermute(long permuted) {
        long mixed = permuted ^ permuted >>> 32;
        mixed *= inverse(0xD6E8FEB86659FD93L);
        mixed ^= mixed >>> 32;
        return mixed * inverse(0x9E3779B97F4A7C15L);
    }

    /** The multiplicative inverse of an odd number modulo 2^64, by Newton's iteration. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
