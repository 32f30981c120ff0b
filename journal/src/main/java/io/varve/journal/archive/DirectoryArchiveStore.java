package io.varve.journal.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** An archive in a directory: on another disk, or one that is mounted from elsewhere. */
public final class DirectoryArchiveStore implements ArchiveStore {
    /** What a crash may leave under such a name is no part of the archive. */
    private static final String INCOMING_SUFFIX = ".new";

    private final Path directory;

    public DirectoryArchiveStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> names() throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(INCOMING_SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    /**
     * Bytes, then the name, then the directory that has the name: each on media before the next.
     */
    @Override
    public void write(String name, byte[] bytes) throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                sync(parent);
            }
        }
        Path incoming = directory.resolve(name + INCOMING_SUFFIX);
        try (FileChannel channel =
                FileChannel.open(
                        incoming,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(incoming, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
