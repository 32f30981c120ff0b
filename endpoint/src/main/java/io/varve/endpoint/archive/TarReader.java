package io.varve.endpoint.archive;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a tar archive (POSIX with pax headers, GNU, and older) from front to back. What headers say
 * is held in memory, up to a bound; content never is. Owned by one thread.
 */
public final class TarReader {
    /** Names and attributes of one member together; an archive can be made to say any amount. */
    private static final int MAX_EXTENDED_BYTES = 1 << 20;

    private static final char GNU_LONG_NAME = 'L';
    private static final char GNU_LONG_LINK = 'K';
    private static final char GNU_SPARSE = 'S';
    private static final char PAX = 'x';
    private static final char PAX_OF_ALL = 'g';
    private static final String PAX_PATH = "path";
    private static final String PAX_SIZE = "size";
    private static final String PAX_SPARSE = "GNU.sparse.";

    private final InputStream source;
    private final Map<String, String> ofAll = new TreeMap<>();
    private boolean begun;
    private long contentBytesLeft;
    private long paddingBytes;

    /**
     * @param source is not closed
     */
    public TarReader(InputStream source) {
        this.source = source;
    }

    /**
     * The next member, what is left of the one before skipped; null at the end.
     *
     * @throws ArchiveException when there is no member where one should be
     */
    public @Nullable TarEntry next() throws IOException {
        Map<String, String> attributes = new TreeMap<>(ofAll);
        String longName = "";
        while (true) {
            skipRest();
            byte[] block = source.readNBytes(TarHeader.BLOCK_BYTES);
            if (block.length == 0 && !begun) {
                throw new ArchiveException("empty file");
            }
            begun = true;
            if (block.length == 0 || TarHeader.isEnd(block)) {
                return null;
            }
            if (block.length < TarHeader.BLOCK_BYTES) {
                throw new ArchiveException("truncated header");
            }
            TarHeader header = new TarHeader(block);
            begin(header.sizeBytes());
            switch (header.type()) {
                case PAX -> readPax(attributes);
                case PAX_OF_ALL -> {
                    readPax(ofAll);
                    attributes.putAll(ofAll);
                }
                case GNU_LONG_NAME -> longName = longName();
                case GNU_LONG_LINK -> skipRest();
                default -> {
                    return entry(header, longName, attributes);
                }
            }
        }
    }

    private TarEntry entry(TarHeader header, String longName, Map<String, String> attributes)
            throws ArchiveException {
        String path = attributes.remove(PAX_PATH);
        String size = attributes.remove(PAX_SIZE);
        boolean sparse = attributes.keySet().stream().anyMatch(k -> k.startsWith(PAX_SPARSE));
        if (size != null) {
            begin(parsed(size));
        }
        String name = path != null ? path : longName.isEmpty() ? header.name() : longName;
        TarEntry.Kind kind = sparse ? TarEntry.Kind.SPARSE : kind(header.type(), name);
        if (header.type() >= '1' && header.type() <= '6') {
            // What stands for no content may state a size all the same, of what it stands for.
            begin(0);
        }
        return new TarEntry(name, kind, contentBytesLeft, attributes);
    }

    private static TarEntry.Kind kind(char type, String name) {
        return switch (type) {
            case 0, '0', '7' -> name.endsWith("/") ? TarEntry.Kind.OTHER : TarEntry.Kind.FILE;
            case GNU_SPARSE -> TarEntry.Kind.SPARSE;
            default -> TarEntry.Kind.OTHER;
        };
    }

    private void begin(long sizeBytes) {
        contentBytesLeft = sizeBytes;
        paddingBytes = -sizeBytes & (TarHeader.BLOCK_BYTES - 1);
    }

    private static long parsed(String size) throws ArchiveException {
        try {
            long bytes = Long.parseLong(size);
            if (bytes >= 0) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            throw new ArchiveException("invalid size: " + size, e);
        }
        throw new ArchiveException("invalid size: " + size);
    }

    private String longName() throws IOException {
        byte[] bytes = extended();
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private byte[] extended() throws IOException {
        if (contentBytesLeft > MAX_EXTENDED_BYTES) {
            throw new ArchiveException("header of " + contentBytesLeft + " bytes");
        }
        return content().readAllBytes();
    }

    /** Lines of the form {@code length keyword=value}, the length being that of the whole line. */
    private void readPax(Map<String, String> into) throws IOException {
        byte[] bytes = extended();
        int at = 0;
        while (at < bytes.length && bytes[at] != 0) {
            int length = 0;
            int i = at;
            for (; i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
                length = Math.min(length * 10 + bytes[i] - '0', MAX_EXTENDED_BYTES + 1);
            }
            int end = at + length;
            int keyword = i + 1;
            int equals = keyword;
            while (equals < end && equals < bytes.length && bytes[equals] != '=') {
                equals++;
            }
            if (end > bytes.length || equals >= end || bytes[i] != ' ' || bytes[end - 1] != '\n') {
                throw new ArchiveException("invalid header");
            }
            String key = new String(bytes, keyword, equals - keyword, StandardCharsets.UTF_8);
            int value = equals + 1;
            into.put(key, new String(bytes, value, end - 1 - value, StandardCharsets.UTF_8));
            at = end;
        }
        requireFew(into);
    }

    private static void requireFew(Map<String, String> attributes) throws ArchiveException {
        long length = 0;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            length += attribute.getKey().length() + attribute.getValue().length();
        }
        if (length > MAX_EXTENDED_BYTES) {
            throw new ArchiveException("headers of " + length + " characters");
        }
    }

    /** The content of the member that {@link #next} gave last; used up when it is asked again. */
    public InputStream content() {
        return new Content();
    }

    private void skipRest() throws IOException {
        long bytes = contentBytesLeft + paddingBytes;
        contentBytesLeft = 0;
        paddingBytes = 0;
        try {
            source.skipNBytes(bytes);
        } catch (EOFException e) {
            throw new ArchiveException("unexpected end of data", e);
        }
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (contentBytesLeft == 0) {
                return -1;
            }
            int read = source.read(bytes, offset, (int) Math.min(length, contentBytesLeft));
            if (read < 0) {
                throw new ArchiveException("unexpected end of data");
            }
            contentBytesLeft -= read;
            return read;
        }
    }
}
