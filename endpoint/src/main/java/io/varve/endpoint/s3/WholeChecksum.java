package io.varve.endpoint.s3;

import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.projections.namespace.Part;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The checksum of an object made of parts, from those of the parts: no byte is read again. */
final class WholeChecksum {
    private WholeChecksum() {}

    /** Empty when a part has no checksum of this algorithm. */
    static Optional<Checksum> of(ChecksumAlgorithm algorithm, ChecksumType type, List<Part> parts) {
        for (Part part : parts) {
            if (ofPart(part, algorithm).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(
                switch (type) {
                    case COMPOSITE -> composite(algorithm, parts);
                    case FULL_OBJECT -> combined(algorithm, parts);
                });
    }

    static Optional<String> ofPart(Part part, ChecksumAlgorithm algorithm) {
        return part.checksums().stream()
                .filter(checksum -> checksum.algorithm() == algorithm)
                .map(Checksum::value)
                .findFirst();
    }

    /** The checksum of the parts' checksums, and how many they are. */
    private static Checksum composite(ChecksumAlgorithm algorithm, List<Part> parts) {
        RunningChecksum running = RunningChecksum.of(algorithm);
        for (Part part : parts) {
            byte[] value = bytes(part, algorithm);
            running.update(value, 0, value.length);
        }
        return new Checksum(
                algorithm,
                ChecksumType.COMPOSITE,
                Base64.getEncoder().encodeToString(running.value()) + "-" + parts.size());
    }

    private static Checksum combined(ChecksumAlgorithm algorithm, List<Part> parts) {
        CrcCombination combination =
                switch (algorithm) {
                    case CRC32 -> CrcCombination.CRC32;
                    case CRC32C -> CrcCombination.CRC32C;
                    case CRC64NVME -> CrcCombination.CRC64NVME;
                    case SHA1, SHA256 ->
                            throw new IllegalArgumentException(
                                    algorithm + " of parts cannot be combined");
                };
        long crc = number(bytes(parts.getFirst(), algorithm));
        for (Part part : parts.subList(1, parts.size())) {
            crc = combination.combined(crc, number(bytes(part, algorithm)), part.sizeBytes());
        }
        ByteBuffer value = ByteBuffer.allocate(ChecksumNames.sizeBytes(algorithm));
        if (value.capacity() == Integer.BYTES) {
            value.putInt((int) crc);
        } else {
            value.putLong(crc);
        }
        return new Checksum(
                algorithm,
                ChecksumType.FULL_OBJECT,
                Base64.getEncoder().encodeToString(value.array()));
    }

    private static byte[] bytes(Part part, ChecksumAlgorithm algorithm) {
        return Base64.getDecoder().decode(ofPart(part, algorithm).orElseThrow());
    }

    private static long number(byte[] bigEndian) {
        long number = 0;
        for (byte b : bigEndian) {
            number = number << 8 | (b & 0xFF);
        }
        return number;
    }
}
