package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the {@code aws-chunked} coding off a body and verifies the chunks' signatures where they
 * have such. Its end is reached only after the last chunk, the trailing headers and their signature
 * have been read and found right. Not safe for use by several threads.
 *
 * <pre>
 *   size-in-hex [;chunk-signature=hex64] CRLF  bytes CRLF     for each chunk
 *   0 [;chunk-signature=hex64] CRLF                           the last
 *   name:value CRLF …                                         trailing headers, if announced
 *   [x-amz-trailer-signature:hex64 CRLF]                      when the chunks are signed
 *   CRLF
 * </pre>
 */
final class AwsChunkedStream extends InputStream {
    private static final int MAX_CHUNK_LINE_BYTES = 512;
    private static final int MAX_TRAILER_LINE_BYTES = 4096;
    private static final int MAX_TRAILERS = 16;
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int BUFFER_BYTES = 4096;
    private static final String CHUNK_SIGNATURE = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    private final InputStream source;
    private final @Nullable ChunkSigner signer;
    private final boolean trailing;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int bufferAt;
    private int bufferEnd;
    private @Nullable MessageDigest chunkDigest;
    private String chunkSignature = "";
    private long chunkLeft;
    private boolean ended;

    /**
     * @param signer null when the chunks are not signed
     * @param trailing whether headers follow the last chunk
     */
    AwsChunkedStream(InputStream source, @Nullable ChunkSigner signer, boolean trailing) {
        this.source = source;
        this.signer = signer;
        this.trailing = trailing;
    }

    /** The headers that followed the body, by lower-case name. Complete at the end only. */
    Map<String, String> trailers() {
        return trailers;
    }

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
        if (ended) {
            return -1;
        }
        if (chunkLeft == 0 && !nextChunk()) {
            return -1;
        }
        int wanted = (int) Math.min(length, chunkLeft);
        int read = readSome(bytes, offset, wanted);
        if (chunkDigest != null) {
            chunkDigest.update(bytes, offset, read);
        }
        chunkLeft -= read;
        if (chunkLeft == 0) {
            requireLineEnd();
            verifyChunk();
        }
        return read;
    }

    /** False at the end of the body. */
    private boolean nextChunk() throws IOException {
        String line = line(MAX_CHUNK_LINE_BYTES, true);
        int semicolon = line.indexOf(';');
        chunkLeft = size(semicolon < 0 ? line : line.substring(0, semicolon));
        chunkSignature = signature(semicolon < 0 ? "" : line.substring(semicolon + 1));
        chunkDigest = signer == null ? null : Digests.sha256();
        if (chunkLeft > 0) {
            return true;
        }
        verifyChunk();
        readTrailers();
        requireEnd();
        ended = true;
        return false;
    }

    private static long size(String hex) {
        String digits = hex.strip();
        if (digits.isEmpty() || digits.length() > MAX_SIZE_DIGITS) {
            throw malformed("a chunk has no valid size");
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw malformed("a chunk has no valid size");
            }
            size = size << 4 | digit;
        }
        return size;
    }

    private String signature(String extensions) {
        for (String extension : extensions.split(";", -1)) {
            String stripped = extension.strip();
            if (stripped.startsWith(CHUNK_SIGNATURE)) {
                return stripped.substring(CHUNK_SIGNATURE.length());
            }
        }
        if (signer != null) {
            throw malformed("a chunk has no signature");
        }
        return "";
    }

    private void verifyChunk() {
        if (signer == null || chunkDigest == null) {
            return;
        }
        String sha256 = HexFormat.of().formatHex(chunkDigest.digest());
        if (!signer.verifyChunk(chunkSignature, sha256)) {
            throw S3Error.SIGNATURE_DOES_NOT_MATCH.refusal();
        }
    }

    private void readTrailers() throws IOException {
        String trailerSignature = "";
        while (!atEnd()) {
            String line = line(MAX_TRAILER_LINE_BYTES, false);
            if (line.isEmpty()) {
                // Some clients put an empty line before these headers, or before their signature.
                boolean complete =
                        signer == null ? !trailers.isEmpty() : !trailerSignature.isEmpty();
                if (!trailing || complete) {
                    break;
                }
                continue;
            }
            int colon = line.indexOf(':');
            if (!trailing || colon <= 0 || trailers.size() >= MAX_TRAILERS) {
                throw S3Error.MALFORMED_TRAILER.refusal();
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals(TRAILER_SIGNATURE)) {
                trailerSignature = value;
            } else if (trailers.put(name, value) != null) {
                throw S3Error.MALFORMED_TRAILER.refusal();
            }
        }
        if (trailing && signer != null) {
            verifyTrailers(signer, trailerSignature);
        }
    }

    private void verifyTrailers(ChunkSigner trailerSigner, String signature) {
        StringBuilder canonical = new StringBuilder();
        trailers.forEach(
                (name, value) -> canonical.append(name).append(':').append(value).append('\n'));
        String sha256 = Digests.sha256Hex(canonical.toString().getBytes(StandardCharsets.UTF_8));
        if (!trailerSigner.verifyTrailer(signature, sha256)) {
            throw S3Error.SIGNATURE_DOES_NOT_MATCH.refusal();
        }
    }

    private void requireEnd() throws IOException {
        if (!atEnd()) {
            throw malformed("bytes follow its end");
        }
    }

    private boolean atEnd() throws IOException {
        return bufferAt == bufferEnd && !fill();
    }

    private void requireLineEnd() throws IOException {
        if (next() != '\r' || next() != '\n') {
            throw malformed("a chunk does not end where its size says");
        }
    }

    /** A line without its end. */
    private String line(int maxBytes, boolean strict) throws IOException {
        StringBuilder line = new StringBuilder(96);
        while (true) {
            int b = next();
            if (b == '\n') {
                break;
            }
            if (line.length() >= maxBytes) {
                throw malformed("a line is too long");
            }
            line.append((char) b);
        }
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        } else if (strict) {
            throw malformed("a line does not end in CRLF");
        }
        return line.toString();
    }

    private int next() throws IOException {
        if (bufferAt == bufferEnd && !fill()) {
            throw S3Error.INCOMPLETE_BODY.refusal();
        }
        return buffer[bufferAt++] & 0xFF;
    }

    private boolean fill() throws IOException {
        int read = source.read(buffer, 0, buffer.length);
        bufferAt = 0;
        bufferEnd = Math.max(read, 0);
        return read > 0;
    }

    /** At least one byte, from the buffer first; large reads go past it. */
    private int readSome(byte[] bytes, int offset, int length) throws IOException {
        int buffered = bufferEnd - bufferAt;
        if (buffered > 0) {
            int taken = Math.min(buffered, length);
            System.arraycopy(buffer, bufferAt, bytes, offset, taken);
            bufferAt += taken;
            return taken;
        }
        int read = source.read(bytes, offset, length);
        if (read <= 0) {
            throw S3Error.INCOMPLETE_BODY.refusal();
        }
        return read;
    }

    private static S3Refusal malformed(String what) {
        return S3Error.INVALID_REQUEST.refusal("The aws-chunked body is malformed: " + what + ".");
    }
}
