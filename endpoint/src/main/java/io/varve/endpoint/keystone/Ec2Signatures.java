package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures that another service was given and cannot check for want of the secret. */
final class Ec2Signatures {
    private static final Duration TTL = Duration.ofMinutes(15);
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX");
    private static final String V4 = "AWS4-HMAC-SHA256";
    private static final List<String> SERVICES = List.of("s3", "iam", "sts");

    private Ec2Signatures() {}

    /**
     * @param stringToSign as S3's Signature Version 2 or 4 has it
     */
    static boolean matchesS3(String stringToSign, String secret, String signature) {
        if (!stringToSign.startsWith("AWS4")) {
            return same(
                    Base64.getEncoder()
                            .encodeToString(mac("HmacSHA1", utf8(secret), utf8(stringToSign))),
                    signature);
        }
        String[] lines = stringToSign.split("\n", -1);
        String[] scope = lines.length == 4 ? lines[2].split("/", -1) : new String[0];
        if (!lines[0].equals(V4)
                || scope.length != 4
                || !scope[3].equals("aws4_request")
                || !SERVICES.contains(scope[2])) {
            return false;
        }
        return same(sign4(secret, scope, stringToSign), signature);
    }

    private static String sign4(String secret, String[] scope, String stringToSign) {
        byte[] key = utf8("AWS4" + secret);
        for (String part : scope) {
            key = mac("HmacSHA256", key, utf8(part));
        }
        return HexFormat.of().formatHex(mac("HmacSHA256", key, utf8(stringToSign)));
    }

    /**
     * @param credentials host, verb, path, params, headers, body_hash and signature, as the service
     *     has got them
     */
    static boolean matchesEc2(JsonNode credentials, String secret, Instant now) {
        Map<String, String> params = texts(credentials.path("params"));
        Map<String, String> headers = new TreeMap<>();
        texts(credentials.path("headers"))
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        String signature = Texts.required(credentials, "signature");
        if (V4.equals(params.get("X-Amz-Algorithm"))
                || headers.getOrDefault("authorization", "").startsWith(V4)) {
            return isNear(instant(date4(params, headers)), now)
                    && same(signature4(credentials, params, headers, secret), signature);
        }
        if (!"2".equals(params.get("SignatureVersion")) || !timely2(params, now)) {
            return false;
        }
        boolean sha256 = "HmacSHA256".equals(params.get("SignatureMethod"));
        String expected = signature2(credentials, params, secret, sha256);
        return same(expected, signature);
    }

    /** The one that is signed: with a signature in the query, a header of that name is not. */
    private static String date4(Map<String, String> params, Map<String, String> headers) {
        return params.getOrDefault("X-Amz-Date", headers.getOrDefault("x-amz-date", ""));
    }

    /** Only parameters are signed: no header says when. */
    private static boolean timely2(Map<String, String> params, Instant now) {
        String timestamp = params.get("Timestamp");
        if (timestamp != null) {
            return isNear(instant(timestamp), now);
        }
        Instant expires = instant(params.getOrDefault("Expires", ""));
        return expires != null && expires.isAfter(now);
    }

    private static boolean isNear(@Nullable Instant at, Instant now) {
        return at != null && Duration.between(at, now).abs().compareTo(TTL) <= 0;
    }

    /** Null when it is no time. */
    private static @Nullable Instant instant(String text) {
        try {
            return text.indexOf('-') > 0
                    ? LocalDateTime.parse(text.replace("Z", "")).toInstant(ZoneOffset.UTC)
                    : BASIC.parse(text, Instant::from);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static String signature2(
            JsonNode credentials, Map<String, String> params, String secret, boolean sha256) {
        String host = Texts.required(credentials, "host");
        String text =
                Texts.required(credentials, "verb")
                        + "\n"
                        + host.toLowerCase(Locale.ROOT)
                        + "\n"
                        + Texts.required(credentials, "path")
                        + "\n"
                        + query(params, "Signature");
        byte[] mac = mac(sha256 ? "HmacSHA256" : "HmacSHA1", utf8(secret), utf8(text));
        return Base64.getEncoder().encodeToString(mac);
    }

    private static String signature4(
            JsonNode credentials,
            Map<String, String> params,
            Map<String, String> headers,
            String secret) {
        boolean inQuery = params.containsKey("X-Amz-Credential");
        Map<String, String> claim =
                inQuery ? Map.of() : authorization(headers.getOrDefault("authorization", ""));
        String credential =
                inQuery
                        ? params.getOrDefault("X-Amz-Credential", "")
                        : claim.getOrDefault("Credential", "");
        String signed =
                inQuery
                        ? params.getOrDefault("X-Amz-SignedHeaders", "")
                        : claim.getOrDefault("SignedHeaders", "");
        String date = date4(params, headers);
        String[] parts = credential.split("/", -1);
        if (parts.length != 5 || !date.startsWith(parts[1] + "T")) {
            // A key for one day signs for no other.
            return "";
        }
        StringBuilder canonical = new StringBuilder();
        String verb = Texts.required(credentials, "verb").toUpperCase(Locale.ROOT);
        canonical.append(verb).append('\n');
        canonical.append(Texts.required(credentials, "path")).append('\n');
        // A POST has its parameters in the body, which the hash is for.
        canonical.append(verb.equals("POST") ? "" : query(params, "X-Amz-Signature"));
        canonical.append('\n');
        for (String name : signed.split(";", -1)) {
            canonical.append(name).append(':');
            canonical.append(headers.getOrDefault(name, "").strip()).append('\n');
        }
        canonical.append('\n').append(signed).append('\n');
        canonical.append(Texts.or(credentials, "body_hash", ""));
        String[] scope = {parts[1], parts[2], parts[3], parts[4]};
        String text =
                V4
                        + "\n"
                        + date
                        + "\n"
                        + String.join("/", scope)
                        + "\n"
                        + sha256Hex(canonical.toString());
        return sign4(secret, scope, text);
    }

    /** {@code AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…}. */
    private static Map<String, String> authorization(String header) {
        Map<String, String> claim = new TreeMap<>();
        if (!header.startsWith(V4)) {
            return claim;
        }
        for (String part : header.substring(V4.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                claim.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        return claim;
    }

    private static String query(Map<String, String> params, String without) {
        List<String> pairs = new ArrayList<>();
        params.forEach(
                (name, value) -> {
                    if (!name.equals(without)) {
                        pairs.add(encode(name) + "=" + encode(value));
                    }
                });
        return String.join("&", pairs);
    }

    private static String encode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : utf8(text)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || "-_.~".indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return out.toString();
    }

    /** By name, in the order of their bytes (they are ASCII). */
    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(utf8(expected), utf8(given)) && !expected.isEmpty();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256Hex(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] mac(String algorithm, byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
