package io.varve.journal.record;

/** The checksums a client may ask S3 to verify, keep and show. */
public enum ChecksumAlgorithm {
    CRC32,
    CRC32C,
    CRC64NVME,
    SHA1,
    SHA256
}
