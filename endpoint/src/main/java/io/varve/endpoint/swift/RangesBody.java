package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.store.Content;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.swift.ByteRanges.ByteRange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One range of a content, or several in a multipart body. The first is opened before the answer
 * begins, so that what cannot be read is told by a status. Owned by one thread.
 */
final class RangesBody implements HttpBody.Source {
    private static final byte[] LINE = {'\r', '\n'};

    private final Content content;
    private final List<ByteRange> ranges;
    private final @Nullable Parts parts;
    private @Nullable ObjectReader reader;

    /** How the parts of a multipart body are told apart and what each says of itself. */
    record Parts(String boundary, String contentType) {
        byte[] head(ByteRange range, long sizeBytes) {
            return ("--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                            .formatted(boundary, contentType, range.contentRange(sizeBytes)))
                    .getBytes(StandardCharsets.UTF_8);
        }

        byte[] end() {
            return ("--" + boundary + "--").getBytes(StandardCharsets.UTF_8);
        }
    }

    private RangesBody(Content content, List<ByteRange> ranges, @Nullable Parts parts) {
        this.content = content;
        this.ranges = ranges;
        this.parts = parts;
    }

    static HttpBody of(Content content, ByteRange range) {
        if (range.lengthBytes() == 0) {
            return HttpBody.NONE;
        }
        return open(new RangesBody(content, List.of(range), null), range.lengthBytes());
    }

    static HttpBody of(Content content, List<ByteRange> ranges, Parts parts) {
        long length = parts.end().length;
        for (ByteRange range : ranges) {
            length +=
                    parts.head(range, content.sizeBytes()).length
                            + range.lengthBytes()
                            + LINE.length;
        }
        return open(new RangesBody(content, ranges, parts), length);
    }

    private static HttpBody open(RangesBody body, long lengthBytes) {
        ByteRange first = body.ranges.getFirst();
        body.reader = body.content.open(first.offset(), first.lengthBytes());
        return new HttpBody.Streaming(lengthBytes, body);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Parts between = parts;
        for (ByteRange range : ranges) {
            if (between != null) {
                out.write(between.head(range, content.sizeBytes()));
            }
            write(range, out);
            if (between != null) {
                out.write(LINE);
            }
        }
        if (between != null) {
            out.write(between.end());
        }
    }

    private void write(ByteRange range, OutputStream out) throws IOException {
        ObjectReader open = reader;
        if (open == null) {
            open = content.open(range.offset(), range.lengthBytes());
            reader = open;
        }
        open.transferTo(out);
        close();
    }

    @Override
    public void close() {
        ObjectReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
