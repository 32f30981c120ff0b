package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/** Puts the {@code aws-chunked} coding on a body, as clients do. */
final class ChunkedEncoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final @Nullable TestSigner signer;
    private final Instant at;
    private String previous;

    /**
     * @param signer null for chunks that are not signed
     */
    ChunkedEncoder(@Nullable TestSigner signer, String requestSignature, Instant at) {
        this.signer = signer;
        this.previous = requestSignature;
        this.at = at;
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void head(byte[] chunk) {
        write(Integer.toHexString(chunk.length));
        if (signer != null) {
            previous =
                    signer.sign(
                            "AWS4-HMAC-SHA256-PAYLOAD\n"
                                    + TestSigner.basic(at)
                                    + "\n"
                                    + signer.scope(at)
                                    + "\n"
                                    + previous
                                    + "\n"
                                    + Digests.EMPTY_SHA256
                                    + "\n"
                                    + TestSigner.sha256(chunk),
                            at);
            write(";chunk-signature=" + previous);
        }
        write("\r\n");
    }

    ChunkedEncoder chunks(byte[] content, int chunkBytes) {
        for (int from = 0; from < content.length; from += chunkBytes) {
            chunk(Arrays.copyOfRange(content, from, Math.min(content.length, from + chunkBytes)));
        }
        return this;
    }

    ChunkedEncoder chunk(byte[] chunk) {
        head(chunk);
        out.writeBytes(chunk);
        write("\r\n");
        return this;
    }

    byte[] end(SortedMap<String, String> trailers) {
        head(new byte[0]);
        StringBuilder canonical = new StringBuilder();
        for (Map.Entry<String, String> trailer : trailers.entrySet()) {
            write(trailer.getKey() + ":" + trailer.getValue() + "\r\n");
            canonical.append(trailer.getKey()).append(':').append(trailer.getValue()).append('\n');
        }
        if (signer != null && !trailers.isEmpty()) {
            write(
                    "x-amz-trailer-signature:"
                            + signer.sign(
                                    "AWS4-HMAC-SHA256-TRAILER\n"
                                            + TestSigner.basic(at)
                                            + "\n"
                                            + signer.scope(at)
                                            + "\n"
                                            + previous
                                            + "\n"
                                            + TestSigner.sha256(canonical.toString()),
                                    at)
                            + "\r\n");
        }
        write("\r\n");
        return out.toByteArray();
    }
}
