package io.varve.devices.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One open file of a device; every access names its offset.
 *
 * <p>Thread: reads may run at any time from any thread; writes and syncs come from one thread at a
 * time per range. Durability: what {@link #write} took is on media only once a {@link #sync} that
 * began after it has returned. Failure: after a sync that threw, nothing written since the last
 * good sync may be assumed to be on media, and no later sync makes it so.
 */
public interface DeviceFile extends AutoCloseable {
    /**
     * Writes from the buffer at the offset and returns how many bytes it took, which may be fewer
     * than remained. A file opened for direct writing wants offset, remaining length and memory
     * address in multiples of {@link DeviceFiles#BLOCK_BYTES}.
     */
    int write(ByteBuffer source, long offset) throws IOException;

    /** Reads into the buffer and returns how many bytes came, fewer at the end, -1 behind it. */
    int read(ByteBuffer target, long offset) throws IOException;

    /**
     * Fills the rest of a direct buffer if that needs no waiting for the device, because all of it
     * is cached. Returns false otherwise, also when that cannot be told; then what lies in the
     * buffer means nothing.
     */
    default boolean readCached(ByteBuffer target, long offset) {
        return false;
    }

    /** Returns once the bytes written and the file's size are on media. */
    void sync() throws IOException;

    long sizeBytes() throws IOException;

    @Override
    void close() throws IOException;

    /** Writes all that remains in the buffer, in as many steps as it takes. */
    default void writeFully(ByteBuffer source, long offset) throws IOException {
        long at = offset;
        while (source.hasRemaining()) {
            int written = write(source, at);
            if (written <= 0 || (written % DeviceFiles.BLOCK_BYTES != 0 && source.hasRemaining())) {
                throw new IOException(
                        "write stopped short: offset=%d, written=%d, left=%d"
                                .formatted(at, written, source.remaining()));
            }
            at += written;
        }
    }

    /** Reads until the buffer is full or the file ends; returns the bytes read. */
    default int readFully(ByteBuffer target, long offset) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int read = read(target, offset + total);
            if (read <= 0) {
                break;
            }
            total += read;
        }
        return total;
    }
}
