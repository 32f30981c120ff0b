package io.varve.endpoint.logs;

import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is set aside as {@code name.1} (and that as {@code name.2}, and so on) when it has
 * reached its size. Not for use by several threads.
 */
public final class RotatingFile implements AccessLog.Sink {
    private final Path file;
    private final long maxBytes;
    private final int maxFiles;
    private @Nullable OutputStream out;
    private long size;

    /**
     * @param maxFiles how many are kept, the one in use included
     */
    public RotatingFile(Path file, long maxBytes, int maxFiles) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    @Override
    public void write(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        OutputStream current = opened();
        if (size > 0 && size + bytes.length > maxBytes) {
            rotate();
            current = opened();
        }
        current.write(bytes);
        size += bytes.length;
    }

    private OutputStream opened() throws IOException {
        OutputStream current = out;
        if (current == null) {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            current =
                    new BufferedOutputStream(
                            Files.newOutputStream(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                            64 << 10);
            size = Files.size(file);
            out = current;
        }
        return current;
    }

    private void rotate() throws IOException {
        close();
        for (int i = maxFiles - 1; i >= 1; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(file);
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        OutputStream current = out;
        out = null;
        if (current != null) {
            current.close();
        }
    }
}
