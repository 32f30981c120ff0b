package io.varve.endpoint.s3;

import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;

import java.util.Locale;
import java.util.Optional;

/** How headers and XML name the checksums, and how long each is. */
final class ChecksumNames {
    static final String HEADER_PREFIX = "x-amz-checksum-";

    private ChecksumNames() {}

    /** {@code x-amz-checksum-crc32c}. */
    static String header(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> "x-amz-checksum-crc32";
            case CRC32C -> "x-amz-checksum-crc32c";
            case CRC64NVME -> "x-amz-checksum-crc64nvme";
            case SHA1 -> "x-amz-checksum-sha1";
            case SHA256 -> "x-amz-checksum-sha256";
        };
    }

    /** {@code ChecksumCRC32C}. */
    static String element(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> "ChecksumCRC32";
            case CRC32C -> "ChecksumCRC32C";
            case CRC64NVME -> "ChecksumCRC64NVME";
            case SHA1 -> "ChecksumSHA1";
            case SHA256 -> "ChecksumSHA256";
        };
    }

    static Optional<ChecksumAlgorithm> ofElement(String element) {
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            if (element(algorithm).equals(element)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    static Optional<ChecksumAlgorithm> ofHeader(String lowerCaseHeader) {
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            if (header(algorithm).equals(lowerCaseHeader)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    static int sizeBytes(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32, CRC32C -> 4;
            case CRC64NVME -> 8;
            case SHA1 -> 20;
            case SHA256 -> 32;
        };
    }

    /** The algorithm a client names in a header; {@code InvalidRequest} when there is no such. */
    static ChecksumAlgorithm algorithm(String name) {
        try {
            return ChecksumAlgorithm.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Checksum algorithm provided is unsupported. Please try again with any of the"
                            + " valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        }
    }

    static ChecksumType type(String name) {
        try {
            return ChecksumType.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Value for x-amz-checksum-type header is invalid.");
        }
    }
}
