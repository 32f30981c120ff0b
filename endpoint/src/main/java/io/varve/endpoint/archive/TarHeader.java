package io.varve.endpoint.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One block of 512 bytes that begins a member:
 *
 * <pre>
 *   0 name (100)   124 size (12)   148 checksum (8)   156 type   257 magic (6)   345 prefix (155)
 * </pre>
 *
 * Numbers are octal digits, or binary where the first bit is set. Texts end at the first zero.
 */
final class TarHeader {
    static final int BLOCK_BYTES = 512;

    private static final int NAME_BYTES = 100;
    private static final int SIZE_OFFSET = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM_OFFSET = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_OFFSET = 156;
    private static final int MAGIC_OFFSET = 257;
    private static final int PREFIX_OFFSET = 345;
    private static final int PREFIX_BYTES = 155;
    private static final byte[] POSIX = "ustar\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] block;

    /**
     * @throws ArchiveException when the block is not a header
     */
    TarHeader(byte[] block) throws ArchiveException {
        this.block = block;
        long stated = number(CHECKSUM_OFFSET, CHECKSUM_BYTES);
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK_BYTES; i++) {
            boolean own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_BYTES;
            unsigned += own ? ' ' : block[i] & 0xFF;
            signed += own ? ' ' : block[i];
        }
        // Old programs summed the bytes as signed ones.
        if (stated != unsigned && stated != signed) {
            throw new ArchiveException("bad checksum");
        }
    }

    static boolean isEnd(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    char type() {
        return (char) (block[TYPE_OFFSET] & 0xFF);
    }

    long sizeBytes() throws ArchiveException {
        long size = number(SIZE_OFFSET, SIZE_BYTES);
        if (size < 0) {
            throw new ArchiveException("invalid header");
        }
        return size;
    }

    String name() {
        String name = text(0, NAME_BYTES);
        boolean posix =
                Arrays.equals(
                        block, MAGIC_OFFSET, MAGIC_OFFSET + POSIX.length, POSIX, 0, POSIX.length);
        String prefix = posix ? text(PREFIX_OFFSET, PREFIX_BYTES) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }

    private long number(int offset, int length) throws ArchiveException {
        if ((block[offset] & 0x80) != 0) {
            return binary(offset, length);
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = block[i];
            if (b >= '0' && b <= '7') {
                value = value << 3 | (b - '0');
            } else if (b != ' ' && b != 0) {
                throw new ArchiveException("invalid header");
            } else if (value > 0) {
                break;
            }
        }
        return value;
    }

    private long binary(int offset, int length) throws ArchiveException {
        long value = block[offset] & 0x7F;
        for (int i = offset + 1; i < offset + length; i++) {
            if (value >> (Long.SIZE - 1 - Byte.SIZE) != 0) {
                throw new ArchiveException("invalid header");
            }
            value = value << Byte.SIZE | (block[i] & 0xFF);
        }
        return value;
    }
}
