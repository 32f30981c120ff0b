package io.varve.perf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the disk below does with the kindest load: one sequential direct write, one sync. */
final class DiskSpeed {
    private static final int WRITE_BYTES = 1 << 20;
    private static final int ALIGNMENT_BYTES = 4096;

    private DiskSpeed() {}

    /** Bytes a second for a file of the given size, written over blocks that exist already. */
    static double sequentialWrite(Path file, long sizeBytes) throws IOException {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(WRITE_BYTES + ALIGNMENT_BYTES)
                        .alignedSlice(ALIGNMENT_BYTES)
                        .limit(WRITE_BYTES);
        try (FileChannel channel =
                FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, direct())) {
            write(channel, buffer, sizeBytes);
            long began = System.nanoTime();
            write(channel, buffer, sizeBytes);
            return sizeBytes / ((System.nanoTime() - began) / 1e9);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Looked up by name: javac warns of any mention of it, and here a warning is an error. */
    private static OpenOption direct() {
        try {
            return (OpenOption)
                    Class.forName("com.sun.nio.file.ExtendedOpenOption")
                            .getField("DIRECT")
                            .get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no direct I/O", e);
        }
    }

    private static void write(FileChannel channel, ByteBuffer buffer, long sizeBytes)
            throws IOException {
        for (long offset = 0; offset < sizeBytes; offset += WRITE_BYTES) {
            buffer.rewind();
            channel.write(buffer, offset);
        }
        channel.force(false);
    }
}
