package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectBody;
import io.varve.journal.record.Checksum;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The body of a PUT on its way into the store. Owned by one thread. */
final class UploadBody implements ObjectBody {
    private final InputStream stream;
    private final long lengthBytes;
    private final @Nullable String md5;

    /**
     * @param lengthBytes -1 when unknown
     * @param md5 what the client says it is, in hexadecimal; null when it says nothing
     */
    UploadBody(InputStream stream, long lengthBytes, long maxBytes, @Nullable String md5) {
        this.stream = new Bounded(stream, maxBytes);
        this.lengthBytes = lengthBytes;
        this.md5 = md5;
    }

    /** As {@link #of(SwiftRequest)}, for a body that has been read already. */
    static UploadBody of(SwiftRequest request, byte[] body) {
        return new UploadBody(
                new ByteArrayInputStream(body), body.length, body.length, md5(request));
    }

    private static @Nullable String md5(SwiftRequest request) {
        String etag = request.headerOrEmpty("etag");
        return etag.isEmpty() ? null : Representation.bare(etag).toLowerCase(Locale.ROOT);
    }

    /**
     * @throws SwiftRefusal when the length is missing or more than an object may have
     */
    static UploadBody of(SwiftRequest request) {
        if (request.http().contentLength().isEmpty() && !request.http().chunked()) {
            throw StatusPage.LENGTH_REQUIRED.refusal("Missing Content-Length header.");
        }
        long lengthBytes = request.http().contentLength().orElse(-1);
        if (lengthBytes > Limits.MAX_FILE_BYTES) {
            throw StatusPage.REQUEST_ENTITY_TOO_LARGE.plain("Your request is too large.");
        }
        return new UploadBody(
                request.http().body(), lengthBytes, Limits.MAX_FILE_BYTES, md5(request));
    }

    @Override
    public InputStream stream() {
        return stream;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public List<Checksum> checksums() {
        return List.of();
    }

    @Override
    public void verifyMd5(byte[] digest) {
        if (md5 != null && !md5.equals(HexFormat.of().formatHex(digest))) {
            throw StatusPage.UNPROCESSABLE_ENTITY.refusal();
        }
    }

    /** Ends a body of unknown length that grows too long. */
    private static final class Bounded extends InputStream {
        private final InputStream source;
        private final long maxBytes;
        private long count;

        Bounded(InputStream source, long maxBytes) {
            this.source = source;
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = source.read(bytes, offset, length);
            if (read > 0) {
                count += read;
                if (count > maxBytes) {
                    throw StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal();
                }
            }
            return read;
        }
    }
}
