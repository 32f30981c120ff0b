package io.varve.endpoint.s3;

import io.varve.endpoint.store.ObjectBody;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The body of a request on its way into the store: coding taken off, and everything that the client
 * said of it verified by the time its end is reached (length, payload digest, chunk signatures,
 * checksum). Nothing is computed that was not asked for. Owned by one thread.
 */
final class PayloadBody implements ObjectBody {
    private final Verifying stream;
    private final long lengthBytes;
    private final ChecksumClaim checksum;
    private final ContentMd5 contentMd5;

    /** What is expected of a body besides its bytes. */
    private record Expected(
            long lengthBytes, long maxBytes, @Nullable String sha256, ChecksumClaim checksum) {}

    private PayloadBody(Verifying stream, long lengthBytes, ContentMd5 contentMd5) {
        this.stream = stream;
        this.lengthBytes = lengthBytes;
        this.checksum = stream.expected.checksum();
        this.contentMd5 = contentMd5;
    }

    /**
     * The body of an authenticated request, not yet read.
     *
     * @param maxBytes more than this is {@code EntityTooLarge}
     */
    static PayloadBody of(S3Call call, ChecksumClaim checksum, long maxBytes) {
        long lengthBytes = announcedLength(call);
        if (lengthBytes > maxBytes) {
            throw tooLarge(lengthBytes, maxBytes);
        }
        ContentMd5 md5 = ContentMd5.of(call.request());
        InputStream raw = call.request().http().body();
        PayloadClaim payload = call.authentication().payload();
        AwsChunkedStream chunked =
                payload instanceof PayloadClaim.Chunked(_, boolean trailing)
                        ? new AwsChunkedStream(raw, call.authentication().chunkSigner(), trailing)
                        : null;
        if (checksum.trailing()
                && !(payload instanceof PayloadClaim.Chunked(_, boolean trailing) && trailing)) {
            throw S3Error.MALFORMED_TRAILER.refusal();
        }
        String sha256 = payload instanceof PayloadClaim.Hashed(String hash) ? hash : null;
        Expected expected = new Expected(lengthBytes, maxBytes, sha256, checksum);
        return new PayloadBody(new Verifying(raw, chunked, expected), lengthBytes, md5);
    }

    /** The length of the content proper; S3 takes none without. */
    private static long announcedLength(S3Call call) {
        if (call.authentication().payload() instanceof PayloadClaim.Chunked) {
            String decoded = call.request().header("x-amz-decoded-content-length");
            if (decoded == null) {
                throw S3Error.MISSING_CONTENT_LENGTH.refusal();
            }
            return decodedLength(decoded);
        }
        return call.request()
                .http()
                .contentLength()
                .orElseThrow(S3Error.MISSING_CONTENT_LENGTH::refusal);
    }

    private static long decodedLength(String header) {
        try {
            long length = Long.parseLong(header);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a negative one.
        }
        throw S3Refusal.invalidArgument(
                "x-amz-decoded-content-length is not a length",
                "x-amz-decoded-content-length",
                header);
    }

    static S3Refusal tooLarge(long sizeBytes, long maxBytes) {
        return S3Error.ENTITY_TOO_LARGE
                .refusal()
                .with("ProposedSize", sizeBytes)
                .with("MaxSizeAllowed", maxBytes);
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
        ChecksumAlgorithm algorithm = checksum.algorithm();
        if (algorithm == null) {
            return List.of();
        }
        return List.of(new Checksum(algorithm, ChecksumType.FULL_OBJECT, stream.checksumValue()));
    }

    @Override
    public void verifyMd5(byte[] md5) {
        contentMd5.verify(md5);
    }

    /** Whether the client sent the MD5, so that somebody has to compute it. */
    boolean wantsMd5() {
        return contentMd5.sent();
    }

    private static final class Verifying extends InputStream {
        private final InputStream source;
        private final @Nullable AwsChunkedStream chunked;
        private final Expected expected;
        private final @Nullable MessageDigest sha256;
        private final @Nullable RunningChecksum running;
        private long count;
        private boolean ended;
        private @Nullable String checksumValue;

        Verifying(InputStream raw, @Nullable AwsChunkedStream chunked, Expected expected) {
            this.source = chunked == null ? raw : chunked;
            this.chunked = chunked;
            this.expected = expected;
            this.sha256 = expected.sha256() == null ? null : Digests.sha256();
            ChecksumAlgorithm algorithm = expected.checksum().algorithm();
            // One pass of SHA-256 serves the signature and the checksum.
            boolean shared = sha256 != null && algorithm == ChecksumAlgorithm.SHA256;
            this.running = algorithm == null || shared ? null : RunningChecksum.of(algorithm);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            int read = source.read(bytes, offset, length);
            if (read < 0) {
                verify();
                ended = true;
                return -1;
            }
            count += read;
            if (count > expected.lengthBytes()) {
                throw S3Error.INCOMPLETE_BODY.refusal();
            }
            if (sha256 != null) {
                sha256.update(bytes, offset, read);
            }
            if (running != null) {
                running.update(bytes, offset, read);
            }
            return read;
        }

        private void verify() {
            if (count != expected.lengthBytes()) {
                throw S3Error.INCOMPLETE_BODY.refusal();
            }
            byte[] digest = sha256 == null ? null : sha256.digest();
            if (digest != null) {
                verifySha256(HexFormat.of().formatHex(digest));
            }
            ChecksumAlgorithm algorithm = expected.checksum().algorithm();
            if (algorithm == null) {
                return;
            }
            byte[] value = running != null ? running.value() : digest;
            if (value == null) {
                throw new IllegalStateException("no digest was kept for " + algorithm);
            }
            checksumValue = Base64.getEncoder().encodeToString(value);
            verifyChecksum(algorithm, checksumValue);
        }

        private void verifySha256(String computed) {
            if (!computed.equals(expected.sha256())) {
                throw S3Error.X_AMZ_CONTENT_SHA256_MISMATCH
                        .refusal()
                        .with("ClientComputedContentSHA256", String.valueOf(expected.sha256()))
                        .with("S3ComputedContentSHA256", computed);
            }
        }

        private void verifyChecksum(ChecksumAlgorithm algorithm, String computed) {
            String claimed = expected.checksum().expected();
            if (expected.checksum().trailing() && chunked != null) {
                claimed = chunked.trailers().get(ChecksumNames.header(algorithm));
                if (claimed == null) {
                    throw S3Error.MALFORMED_TRAILER.refusal();
                }
                ChecksumClaim.requireWellFormed(algorithm, claimed);
            }
            if (claimed != null && !claimed.equals(computed)) {
                throw S3Error.BAD_DIGEST.refusal(
                        "The "
                                + algorithm.name().toUpperCase(Locale.ROOT)
                                + " you specified did not match the calculated checksum.");
            }
        }

        String checksumValue() {
            if (checksumValue == null) {
                throw new IllegalStateException("the body has not been read to its end");
            }
            return checksumValue;
        }
    }
}
