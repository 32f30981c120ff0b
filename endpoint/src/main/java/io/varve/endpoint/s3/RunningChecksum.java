package io.varve.endpoint.s3;

import io.varve.journal.record.ChecksumAlgorithm;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** One of the checksums of S3, fed with bytes as they pass. Not safe for use by several threads. */
sealed interface RunningChecksum {

    void update(byte[] bytes, int offset, int length);

    /** The big-endian digest of what was fed. Called once, at the end. */
    byte[] value();

    static RunningChecksum of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new Cyclic32(new CRC32());
            case CRC32C -> new Cyclic32(new CRC32C());
            case CRC64NVME -> new Cyclic64(new Crc64Nvme());
            case SHA1 -> new Digest(Digests.sha1());
            case SHA256 -> new Digest(Digests.sha256());
        };
    }

    record Cyclic32(Checksum crc) implements RunningChecksum {
        @Override
        public void update(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
        }

        @Override
        public byte[] value() {
            return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        }
    }

    record Cyclic64(Crc64Nvme crc) implements RunningChecksum {
        @Override
        public void update(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
        }

        @Override
        public byte[] value() {
            return ByteBuffer.allocate(Long.BYTES).putLong(crc.value()).array();
        }
    }

    record Digest(MessageDigest digest) implements RunningChecksum {
        @Override
        public void update(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public byte[] value() {
            return digest.digest();
        }
    }
}
