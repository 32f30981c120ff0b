package io.varve.journal.kafka;

import io.varve.journal.JournalException;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;

/**
 * Places that a fold has passed, every {@value #INTERVAL} records, in memory and in a file: from
 * each one a fold can go on. What the file lacks, or has torn, costs time and nothing else, so it
 * is never synced; that a place is right is seen when a fold comes by again.
 *
 * <p>The file: magic 'VJP' and version, the topic's id, then per place its numbers and a CRC32C.
 * One thread adds; any thread asks.
 */
final class PlaceFile implements AutoCloseable {
    static final int INTERVAL = 4_096;

    private static final String NAME = "places";
    private static final int MAGIC = 'V' << 24 | 'J' << 16 | 'P' << 8 | 2;
    private static final int HEADER_LENGTH = Integer.BYTES + 2 * Long.BYTES;
    private static final int ENTRY_LENGTH = FoldPlace.ENCODED_LENGTH + Integer.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final ConcurrentSkipListMap<Long, FoldPlace> places = new ConcurrentSkipListMap<>();

    private PlaceFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens what is known of a topic; of another topic nothing is. */
    static PlaceFile open(Path directory, Uuid topicId) {
        Path file = directory.resolve(NAME);
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            PlaceFile opened = new PlaceFile(file, channel);
            try {
                opened.load(topicId);
                return opened;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException("journal state cannot be opened: " + file, e);
        }
    }

    private void load(Uuid topicId) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        long intact = 0;
        if (in.remaining() >= HEADER_LENGTH
                && in.getInt() == MAGIC
                && in.getLong() == topicId.getMostSignificantBits()
                && in.getLong() == topicId.getLeastSignificantBits()) {
            intact = HEADER_LENGTH;
            while (in.remaining() >= ENTRY_LENGTH) {
                int at = in.position();
                FoldPlace place = FoldPlace.decode(in);
                if (in.getInt() != crc(in.array(), at)) {
                    break;
                }
                places.put(place.position(), place);
                intact = in.position();
            }
        }
        channel.truncate(intact);
        channel.position(intact);
        if (intact == 0) {
            ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).putInt(MAGIC);
            header.putLong(topicId.getMostSignificantBits());
            header.putLong(topicId.getLeastSignificantBits());
            write(header.flip());
        }
    }

    /** The nearest place at a position or before it. */
    FoldPlace before(long position) {
        Map.Entry<Long, FoldPlace> found = places.floorEntry(position);
        return found == null ? FoldPlace.START : found.getValue();
    }

    /**
     * Where a fold goes on after a restart: not at the last place, so that it comes by that one and
     * shows whether the brokers still have the same history.
     */
    FoldPlace start() {
        Map.Entry<Long, FoldPlace> last = places.lastEntry();
        return last == null ? FoldPlace.START : before(last.getKey() - 1);
    }

    /**
     * Notes a place that a fold has come to.
     *
     * @throws JournalException when it had come to another one at this position before: the brokers
     *     have lost or changed records since
     */
    void note(FoldPlace place) {
        FoldPlace known = places.putIfAbsent(place.position(), place);
        if (known == null) {
            try {
                write(entry(place));
            } catch (IOException e) {
                throw new JournalException("journal state cannot be written: " + file, e);
            }
        } else if (!known.same(place)) {
            throw new JournalException(
                    ("the brokers have another history than they had: position=%d, noted in %s;"
                                    + " records were lost or changed")
                            .formatted(place.position(), file));
        }
    }

    private static ByteBuffer entry(FoldPlace place) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_LENGTH);
        place.encode(entry);
        return entry.putInt(crc(entry.array(), 0)).flip();
    }

    private static int crc(byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, FoldPlace.ENCODED_LENGTH);
        return (int) crc.getValue();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalException("journal state cannot be closed: " + file, e);
        }
    }
}
