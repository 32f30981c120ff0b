package io.varve.journal.chronicle;

import io.varve.journal.JournalException;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.PrecreatedFiles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A cycle file written through a Chronicle Queue of its own, in a directory of its own.
 *
 * <p>The queue never rolls (its clock stands still): the journal decides when a cycle ends, so that
 * all mirrors have the same cycles. The file is filled with zeros ahead of the writing, by plain
 * writes: blocks are allocated where an error is an exception, and a sync then has no extents to
 * convert. The library's {@code sync()} covers only the mapping it is in, so after a batch that
 * crosses into the next one the end of the last one is left to a background thread; therefore
 * {@link #sync} forces the file itself, which covers every dirty page of it.
 */
final class ChronicleCycleAppender implements CycleAppender {
    /** The library's index grows by this much at a time, in the same file as the records. */
    private static final int INDEX_COUNT = 512;

    private static final int INDEX_SPACING = 256;
    private static final int INDEX_BYTES = INDEX_COUNT * Long.BYTES;

    /** The file header and two pages of the index: what one append may need besides itself. */
    private static final int STRUCTURE_BYTES = 2 * INDEX_BYTES + 2048;

    /** Excerpt header, padding, and what the library clears behind an excerpt. */
    private static final int EXCERPT_OVERHEAD_BYTES = 16;

    private final Path directory;
    private final Path file;
    private final int zeroStepBytes;
    private final FileChannel channel;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private long sizeBytes;
    private long zeroedBytes;

    private ChronicleCycleAppender(
            CycleDirectory place, JournalLimits limits, long zeroedBytes, FileChannel channel) {
        this.directory = place.directory();
        this.file = place.file();
        this.zeroStepBytes = limits.zeroStepBytes();
        this.zeroedBytes = zeroedBytes;
        this.channel = channel;
        this.queue =
                SingleChronicleQueueBuilder.binary(directory)
                        .rollCycle(LegacyRollCycles.DAILY)
                        .timeProvider(place::queueTimeMs)
                        .blockSize(limits.blockBytes())
                        .indexCount(INDEX_COUNT)
                        .indexSpacing(INDEX_SPACING)
                        .syncMode(SyncMode.NONE)
                        .build();
        this.appender = queue.createAppender();
    }

    /**
     * Creates the file in an empty directory and writes the cycle start. Nothing is durable yet,
     * not even the file's name. The file is given to the queue as a prepared one, which it renames
     * at its first append: a file that is there before has a header, it thinks, and waits for it.
     */
    static ChronicleCycleAppender create(
            CycleDirectory place, CycleStart start, JournalLimits limits) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        PrecreatedFiles.preCreatedFile(place.file().toFile()).toPath(),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            long zeroed = zero(channel, 0, 2L * STRUCTURE_BYTES);
            ChronicleCycleAppender cycle =
                    new ChronicleCycleAppender(place, limits, zeroed, channel);
            byte[] first = start.encode();
            cycle.append(first, 0, first.length);
            if (!Files.exists(place.file())) {
                throw new IOException("queue did not take its prepared file: " + place.file());
            }
            return cycle;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void extend(long roomBytes) throws IOException {
        while (roomBytes() < roomBytes) {
            zeroedBytes = zero(channel, zeroedBytes, zeroStepBytes);
        }
    }

    @Override
    public long roomBytes() {
        return zeroedBytes - sizeBytes - STRUCTURE_BYTES;
    }

    private static long zero(FileChannel channel, long from, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        long to = from + length;
        for (long at = from; at < to; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            at += channel.write(zeros, at);
        }
        return to;
    }

    @Override
    public void append(byte[] bytes, int offset, int length) {
        try (DocumentContext document = appender.writingDocument()) {
            try {
                Bytes<?> target = document.wire().bytes();
                target.write(bytes, offset, length);
                sizeBytes = target.writePosition();
            } catch (RuntimeException | Error e) {
                document.rollbackOnClose();
                throw e;
            }
        }
    }

    /** What a number of frames needs of {@link #roomBytes}. */
    static long spaceFor(int frames, long frameBytes) {
        return frameBytes + (long) frames * EXCERPT_OVERHEAD_BYTES;
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public void seal() throws IOException {
        queue.close();
        channel.truncate(sizeBytes);
        channel.force(true);
        channel.close();
        dropQueueMetadata();
    }

    /** The library's directory table: only of use to its own appenders. */
    private void dropQueueMetadata() throws IOException {
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(directory, "*.cq4t")) {
            for (Path table : tables) {
                Files.delete(table);
            }
        }
    }

    @Override
    public void abandon() {
        try {
            queue.close();
        } finally {
            try {
                channel.close();
            } catch (IOException e) {
                throw new JournalException("cannot close " + file, e);
            }
        }
    }
}
