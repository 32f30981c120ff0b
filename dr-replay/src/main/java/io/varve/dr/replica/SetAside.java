package io.varve.dr.replica;

import io.varve.journal.StoredRecord;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Records that a site acknowledged and the one that overtook it never had, in a file for each time
 * that it came to that: {@code records-FIRST-LAST} in {@value #DIRECTORY} of the data directory, as
 * batches of {@link RecordBatchCodec}, each after its length (4 bytes, big-endian).
 *
 * @param file where they are
 * @param first position of the first
 * @param last position of the last
 */
public record SetAside(Path file, long first, long last) {
    public static final String DIRECTORY = "divergence";

    private static final Pattern NAME = Pattern.compile("records-(\\d{1,19})-(\\d{1,19})");
    private static final int BATCH_BYTES_MAX = 256 << 20;

    /** All of a directory, in the order of their first positions. */
    public static List<SetAside> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<SetAside> found = new ArrayList<>();
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    found.add(
                            new SetAside(
                                    file,
                                    Long.parseLong(name.group(1)),
                                    Long.parseLong(name.group(2))));
                }
            }
            found.sort(Comparator.comparingLong(SetAside::first));
            return found;
        }
    }

    /** Whether records from one position to another have been set aside already. */
    public static boolean covers(Path directory, long first, long last) throws IOException {
        return list(directory).stream().anyMatch(a -> a.first() == first && a.last() >= last);
    }

    public static Writer begin(Path directory, long first, long last) throws IOException {
        Files.createDirectories(directory);
        return new Writer(directory.resolve("records-%d-%d".formatted(first, last)));
    }

    /**
     * Reads them in order.
     *
     * @throws ReplicaException when the file is damaged
     */
    public void read(Consumer<StoredRecord> told) throws IOException {
        try (Reader reader = open()) {
            List<StoredRecord> next = reader.next();
            while (!next.isEmpty()) {
                next.forEach(told);
                next = reader.next();
            }
        }
    }

    /** Reads them a batch after the other. */
    public Reader open() throws IOException {
        return new Reader();
    }

    /** Single-threaded. */
    public final class Reader implements AutoCloseable {
        private final DataInputStream in;
        private long next = first;

        private Reader() throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
        }

        /**
         * The next records; empty behind the last one.
         *
         * @throws ReplicaException when the file is damaged
         */
        public List<StoredRecord> next() throws IOException {
            if (next > last) {
                return List.of();
            }
            int length = in.readInt();
            if (length < 0 || length > BATCH_BYTES_MAX) {
                throw new ReplicaException("%s is damaged: length=%d".formatted(file, length));
            }
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            List<StoredRecord> records = RecordBatchCodec.decode(bytes).records();
            if (records.isEmpty() || records.getFirst().position() != next) {
                throw new ReplicaException(
                        "%s is damaged: record %d is missing".formatted(file, next));
            }
            next = records.getLast().position() + 1;
            return records;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Writes such a file, which has its name once it is complete. Single-threaded. */
    public static final class Writer implements AutoCloseable {
        private final Path file;
        private final Path fresh;
        private final FileChannel channel;

        private Writer(Path file) throws IOException {
            this.file = file;
            this.fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            this.channel =
                    FileChannel.open(
                            fresh,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
        }

        public Path file() {
            return file;
        }

        public void add(List<StoredRecord> records) throws IOException {
            byte[] bytes =
                    RecordBatchCodec.encode(new RecordBatch(records, records.getLast().position()));
            ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + bytes.length);
            out.putInt(bytes.length).put(bytes).flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        /** On return the file is there, and on media. */
        public void complete() throws IOException {
            channel.force(true);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Path directory = file.getParent();
            if (directory == null) {
                throw new IOException("not a file: " + file);
            }
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(fresh);
        }
    }
}
