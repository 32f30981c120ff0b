package io.varve.perf;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as an S3 client does (AWS Signature Version 4, in the Authorization header). The
 * payload's hash is signed too, so that the server has the same work as with a real client.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">the
 *     protocol's page</a>
 */
final class SigV4 {
    static final String EMPTY_SHA256 =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    private final String accessKey;
    private final String host;
    private final String time;
    private final String scope;
    private final Mac signingKey;

    /**
     * Signs for one moment: good for the quarter of an hour that servers allow clocks to differ.
     */
    SigV4(String accessKey, String secretKey, String host, Instant at) {
        this.accessKey = accessKey;
        this.host = host;
        this.time = TIME.format(at);
        String date = time.substring(0, 8);
        this.scope = date + "/us-east-1/s3/aws4_request";
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key).doFinal(part.getBytes(StandardCharsets.UTF_8));
        }
        this.signingKey = hmac(key);
    }

    /**
     * The whole head of a signed request, its final empty line included.
     *
     * @param path already percent-encoded
     * @param canonicalQuery sorted and encoded as the protocol wants it; empty for none
     * @param contentLength of the body; -1 when there is none
     */
    byte[] head(
            String method,
            String path,
            String canonicalQuery,
            String payloadSha256,
            long contentLength) {
        String canonical =
                method
                        + '\n'
                        + path
                        + '\n'
                        + canonicalQuery
                        + '\n'
                        + "host:"
                        + host
                        + '\n'
                        + "x-amz-content-sha256:"
                        + payloadSha256
                        + '\n'
                        + "x-amz-date:"
                        + time
                        + "\n\nhost;x-amz-content-sha256;x-amz-date\n"
                        + payloadSha256;
        String toSign =
                "AWS4-HMAC-SHA256\n"
                        + time
                        + '\n'
                        + scope
                        + '\n'
                        + sha256(canonical.getBytes(StandardCharsets.UTF_8));
        String signature =
                HEX.formatHex(signingKey.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
        String query = canonicalQuery.isEmpty() ? "" : "?" + canonicalQuery;
        String head =
                method
                        + ' '
                        + path
                        + query
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nx-amz-content-sha256: "
                        + payloadSha256
                        + "\r\nx-amz-date: "
                        + time
                        + "\r\nAuthorization: AWS4-HMAC-SHA256 Credential="
                        + accessKey
                        + '/'
                        + scope
                        + ", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
                        + signature
                        + (contentLength < 0 ? "" : "\r\nContent-Length: " + contentLength)
                        + "\r\n\r\n";
        return head.getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Percent-encodes one query value. */
    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
