package io.varve.endpoint.s3;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as a client does, written from the specification and not from the code under test: the path
 * is signed as it is sent, so targets must be in canonical form.
 */
public final class TestSigner {
    private final Credential credential;
    private final String region;

    public TestSigner(Credential credential, String region) {
        this.credential = credential;
        this.region = region;
    }

    public static String basic(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] key(String day) {
        byte[] key = ("AWS4" + credential.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {day, region, "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return key;
    }

    String scope(Instant at) {
        return basic(at).substring(0, 8) + "/" + region + "/s3/aws4_request";
    }

    String sign(String stringToSign, Instant at) {
        return HexFormat.of().formatHex(hmac(key(basic(at).substring(0, 8)), stringToSign));
    }

    String signature(
            String method,
            String target,
            SortedMap<String, String> headers,
            String payloadHash,
            Instant at) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        String canonicalHeaders =
                headers.entrySet().stream()
                        .map(h -> h.getKey() + ":" + h.getValue() + "\n")
                        .collect(Collectors.joining());
        String canonical =
                String.join(
                        "\n",
                        method,
                        path,
                        canonicalQuery(query),
                        canonicalHeaders,
                        String.join(";", headers.keySet()),
                        payloadHash);
        return sign(
                "AWS4-HMAC-SHA256\n" + basic(at) + "\n" + scope(at) + "\n" + sha256(canonical), at);
    }

    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        Map<String, String> sorted = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            String[] sides = pair.split("=", 2);
            sorted.put(escaped(sides[0]), sides.length > 1 ? escaped(sides[1]) : "");
        }
        return sorted.entrySet().stream()
                .map(p -> p.getKey() + "=" + p.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String escaped(String raw) {
        return escape(URLDecoder.decode(raw, StandardCharsets.UTF_8));
    }

    /** As in a signature: everything but the unreserved characters. */
    public static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    public String authorization(
            String method,
            String target,
            SortedMap<String, String> headers,
            String payloadHash,
            Instant at) {
        return "AWS4-HMAC-SHA256 Credential="
                + credential.accessKey()
                + "/"
                + scope(at)
                + ", SignedHeaders="
                + String.join(";", headers.keySet())
                + ", Signature="
                + signature(method, target, headers, payloadHash, at);
    }

    /** A target with the signature in its query. */
    String presigned(String method, String target, String host, long expiresSeconds, Instant at) {
        String unsigned =
                target
                        + (target.contains("?") ? "&" : "?")
                        + "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                        + escape(credential.accessKey() + "/" + scope(at))
                        + "&X-Amz-Date="
                        + basic(at)
                        + "&X-Amz-Expires="
                        + expiresSeconds
                        + "&X-Amz-SignedHeaders=host";
        SortedMap<String, String> headers = new TreeMap<>(Map.of("host", host));
        return unsigned
                + "&X-Amz-Signature="
                + signature(method, unsigned, headers, "UNSIGNED-PAYLOAD", at);
    }
}
