package io.varve.endpoint.form;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a body of type {@code multipart/form-data} from front to back, in a fixed amount of memory:
 * fields in the order in which they were sent, the content of each as a stream. Owned by one
 * thread.
 *
 * <p>Content ends where a line begins with the boundary; the line end before it belongs to the
 * boundary.
 */
public final class FormReader {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_BOUNDARY_BYTES = 256;
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_HEADERS = 32;

    private final InputStream source;
    private final byte[] boundary;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private boolean sourceEnded;
    private boolean started;

    /** Whether there is content of the current field left, as far as is known. */
    private boolean inContent;

    /**
     * @param source is not closed
     * @param boundary the parameter of the content type
     */
    public FormReader(InputStream source, String boundary) throws FormException {
        this.source = source;
        this.boundary = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
        if (this.boundary.length > MAX_BOUNDARY_BYTES) {
            throw new FormException("invalid boundary");
        }
    }

    /** The next field, what is left of the one before skipped; null at the end of the form. */
    public @Nullable FormField next() throws IOException {
        if (!started) {
            begin();
        } else {
            while (inContent) {
                // Not in one expression: looking moves the position.
                int length = contentLength(BUFFER_BYTES);
                from += length;
            }
            from += boundary.length;
        }
        fill(2);
        if (to - from >= 2 && buffer[from] == '-' && buffer[from + 1] == '-') {
            return null;
        }
        String padding = line();
        if (!padding.isBlank()) {
            throw new FormException("invalid boundary");
        }
        inContent = true;
        return field();
    }

    private void begin() throws IOException {
        started = true;
        String line;
        try {
            line = line();
            while (line.isEmpty() && from < to) {
                line = line();
            }
        } catch (FormException _) {
            // Whatever this is, it does not begin as a form.
            line = "";
        }
        String first = new String(boundary, 2, boundary.length - 2, StandardCharsets.UTF_8);
        if (!line.strip().equals(first)) {
            throw new FormException("invalid starting boundary");
        }
        // So that what follows the boundary here is read as after any other.
        from -= 2;
    }

    private FormField field() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (headers.size() > MAX_HEADERS) {
                throw new FormException("too many headers of a field");
            }
        }
        // A field may be empty: then the line end that ended its headers begins its boundary.
        from -= 2;
        if (!startsWithBoundary()) {
            from += 2;
        }
        Disposition disposition =
                Disposition.parse(headers.getOrDefault("content-disposition", ""));
        boolean form = disposition.value().equals("form-data");
        return new FormField(
                disposition.parameter("name"),
                form ? disposition.parameter("filename") : "",
                headers);
    }

    private boolean startsWithBoundary() throws IOException {
        fill(boundary.length);
        return to - from >= boundary.length && matches(from);
    }

    private boolean matches(int at) {
        for (int i = 0; i < boundary.length; i++) {
            if (buffer[at + i] != boundary[i]) {
                return false;
            }
        }
        return true;
    }

    private String line() throws IOException {
        int length = 0;
        while (true) {
            fill(length + 2);
            if (to - from < length + 2) {
                throw new FormException("unexpected end of the form");
            }
            if (buffer[from + length] == '\r' && buffer[from + length + 1] == '\n') {
                String line = new String(buffer, from, length, StandardCharsets.UTF_8);
                from += length + 2;
                return line;
            }
            if (++length > MAX_LINE_BYTES) {
                throw new FormException("too long a line");
            }
        }
    }

    /** Makes so many bytes available unless the body ends before. */
    private void fill(int count) throws IOException {
        if (to - from >= count || sourceEnded) {
            return;
        }
        // Two bytes before the position stay, since some steps go back over a line's end.
        int kept = Math.min(from, 2);
        System.arraycopy(buffer, from - kept, buffer, 0, to - from + kept);
        to = to - from + kept;
        from = kept;
        while (to - from < count && !sourceEnded) {
            int read = source.read(buffer, to, buffer.length - to);
            if (read < 0) {
                sourceEnded = true;
            } else {
                to += read;
            }
        }
    }

    /** How many bytes at the position certainly are content; none when the boundary is there. */
    private int contentLength(int max) throws IOException {
        fill(boundary.length);
        int at = from;
        for (; at + boundary.length <= to && at - from < max; at++) {
            if (buffer[at] == '\r' && matches(at)) {
                inContent = at > from;
                return at - from;
            }
        }
        if (at == from) {
            throw new FormException("unexpected end of the form");
        }
        return at - from;
    }

    /** The content of the field that {@link #next} gave last; used up when it is asked again. */
    public InputStream content() {
        return new Content();
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = inContent ? contentLength(length) : 0;
            if (count == 0) {
                return -1;
            }
            System.arraycopy(buffer, from, bytes, offset, count);
            from += count;
            return count;
        }
    }
}
