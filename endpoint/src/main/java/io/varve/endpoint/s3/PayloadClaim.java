package io.varve.endpoint.s3;

/** What a signed request says of its body in {@code x-amz-content-sha256}. */
sealed interface PayloadClaim {

    /** Nothing: the body is not covered by the signature. */
    record Unsigned() implements PayloadClaim {}

    /** Its SHA-256, in lower-case hex. */
    record Hashed(String sha256) implements PayloadClaim {}

    /**
     * It comes in the chunks of {@code aws-chunked}.
     *
     * @param signed whether each chunk carries a signature
     * @param trailing whether headers follow the last chunk
     */
    record Chunked(boolean signed, boolean trailing) implements PayloadClaim {}

    static PayloadClaim of(String contentSha256) {
        return switch (contentSha256) {
            case SignatureClaims.UNSIGNED_PAYLOAD -> new Unsigned();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new Chunked(true, false);
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new Chunked(true, true);
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Chunked(false, true);
            case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
                    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" ->
                    throw S3Refusal.notImplementedHeader("x-amz-content-sha256");
            default -> {
                if (!isSha256(contentSha256)) {
                    throw S3Refusal.invalidArgument(
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD,"
                                    + " STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                                    + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD,"
                                    + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid"
                                    + " sha256 value.",
                            "x-amz-content-sha256",
                            contentSha256);
                }
                yield new Hashed(contentSha256);
            }
        };
    }

    private static boolean isSha256(String text) {
        boolean hex = text.length() == 64;
        for (int i = 0; hex && i < text.length(); i++) {
            char c = text.charAt(i);
            hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return hex;
    }
}
