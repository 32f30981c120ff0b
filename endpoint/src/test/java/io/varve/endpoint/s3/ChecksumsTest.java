package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.record.ChecksumAlgorithm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

class ChecksumsTest {

    /** The check values of the catalogue of CRCs, and the digests of the standards. */
    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    })
    void computesTheCheckValue(ChecksumAlgorithm algorithm, String expected) {
        byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
        RunningChecksum running = RunningChecksum.of(algorithm);
        running.update(bytes, 0, bytes.length);
        byte[] value = running.value();
        assertEquals(expected, HexFormat.of().formatHex(value));
        assertEquals(ChecksumNames.sizeBytes(algorithm), value.length);
    }

    /** The definition, a bit at a time. */
    private static long bitwise(byte[] bytes) {
        long crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ Crc64Nvme.POLYNOMIAL : crc >>> 1;
            }
        }
        return ~crc;
    }

    @Test
    void computesTheSameAsTheDefinitionInAnyPieces() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            Crc64Nvme crc = new Crc64Nvme();
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(bytes.length - at, 1 + random.nextInt(40));
                crc.update(bytes, at, piece);
                at += piece;
            }
            assertEquals(bitwise(bytes), crc.value(), "seed " + seed);
        }
    }

    private static long crc(CrcCombination combination, byte[] bytes, int from, int to) {
        RunningChecksum running = RunningChecksum.of(ChecksumAlgorithm.valueOf(combination.name()));
        running.update(bytes, from, to - from);
        byte[] value = running.value();
        return value.length == 4
                ? Integer.toUnsignedLong(ByteBuffer.wrap(value).getInt())
                : ByteBuffer.wrap(value).getLong();
    }

    @ParameterizedTest
    @EnumSource(CrcCombination.class)
    void combinesAsIfComputedInOneGo(CrcCombination combination) {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            long combined =
                    combination.combined(
                            crc(combination, bytes, 0, cut),
                            crc(combination, bytes, cut, bytes.length),
                            bytes.length - cut);
            assertEquals(crc(combination, bytes, 0, bytes.length), combined, "seed " + seed);
        }
    }

    /** Appending zeros byte by byte and by one large length must agree. */
    @ParameterizedTest
    @EnumSource(CrcCombination.class)
    void combinesAnyLength(CrcCombination combination) {
        long once = combination.combined(0x12345678L, 0, 5L << 30);
        long twice =
                combination.combined(combination.combined(0x12345678L, 0, 3L << 30), 0, 2L << 30);
        assertEquals(once, twice);
    }
}
