package io.varve.endpoint.s3;

import io.varve.journal.record.ChecksumAlgorithm;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be done about the checksum of a body.
 *
 * @param algorithm null for none
 * @param expected base64, as the client sent it in a header; null when it trails the body or is
 *     only to be computed
 * @param trailing whether the client sends it after the body
 */
record ChecksumClaim(
        @Nullable ChecksumAlgorithm algorithm, @Nullable String expected, boolean trailing) {
    static final ChecksumClaim NONE = new ChecksumClaim(null, null, false);

    private static final String SDK_ALGORITHM = "x-amz-sdk-checksum-algorithm";
    private static final List<String> NOT_VALUES =
            List.of("x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type");

    /** Computed without a claim. */
    static ChecksumClaim computed(ChecksumAlgorithm algorithm) {
        return new ChecksumClaim(algorithm, null, false);
    }

    /** What the headers of a request say. */
    static ChecksumClaim of(S3Request request) {
        ChecksumClaim claim = NONE;
        for (String name : request.headers().keySet()) {
            if (name.startsWith(ChecksumNames.HEADER_PREFIX) && !NOT_VALUES.contains(name)) {
                claim = only(claim, ofHeader(name, request.headerOrEmpty(name)));
            }
        }
        for (String trailer : trailers(request)) {
            ChecksumAlgorithm algorithm =
                    ChecksumNames.ofHeader(trailer)
                            .orElseThrow(
                                    () ->
                                            S3Error.INVALID_REQUEST.refusal(
                                                    "The value specified in the x-amz-trailer"
                                                            + " header is not supported"));
            claim = only(claim, new ChecksumClaim(algorithm, null, true));
        }
        requireSdkAlgorithm(request, claim);
        return claim;
    }

    /** The names of the headers that follow the body, in lower case. */
    static List<String> trailers(S3Request request) {
        String trailer = request.header("x-amz-trailer");
        if (trailer == null) {
            return List.of();
        }
        return Arrays.stream(trailer.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static ChecksumClaim only(ChecksumClaim before, ChecksumClaim claim) {
        if (before.algorithm() != null) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not"
                            + " allowed.");
        }
        return claim;
    }

    private static ChecksumClaim ofHeader(String name, String value) {
        ChecksumAlgorithm algorithm =
                ChecksumNames.ofHeader(name)
                        .orElseThrow(() -> S3Refusal.notImplementedHeader(name));
        requireWellFormed(algorithm, value);
        return new ChecksumClaim(algorithm, value, false);
    }

    /** {@code InvalidRequest} unless a value is base64 of as many bytes as the checksum has. */
    static void requireWellFormed(ChecksumAlgorithm algorithm, String value) {
        if (decoded(value).filter(b -> b.length == ChecksumNames.sizeBytes(algorithm)).isEmpty()) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Value for " + ChecksumNames.header(algorithm) + " header is invalid.");
        }
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void requireSdkAlgorithm(S3Request request, ChecksumClaim claim) {
        String named = request.header(SDK_ALGORITHM);
        if (named == null) {
            return;
        }
        if (claim.algorithm() == null) {
            throw S3Error.INVALID_REQUEST.refusal(
                    SDK_ALGORITHM
                            + " specified, but no corresponding x-amz-checksum-* or x-amz-trailer"
                            + " headers were found.");
        }
        if (!claim.algorithm().name().equalsIgnoreCase(named)) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Value for " + SDK_ALGORITHM + " header is invalid.");
        }
    }
}
