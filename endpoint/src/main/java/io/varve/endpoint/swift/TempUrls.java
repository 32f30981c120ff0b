package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * URLs that a key of the account or the container has signed: who holds one may do what it says,
 * until it expires, without a token. Safe for use by many threads.
 */
final class TempUrls {
    static final List<String> DIGESTS = List.of("sha1", "sha256", "sha512");
    static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "DELETE");

    /** What may not ride on a signed upload: it would point to objects that nobody signed. */
    private static final List<String> NOT_SIGNED =
            List.of(
                    "x-object-manifest",
                    "x-copy-from",
                    "x-copy-from-account",
                    "x-symlink-target",
                    "x-symlink-target-account");

    /** What a signed URL may say; whatever else it says, nobody has signed. */
    static final Set<String> PARAMETERS =
            Set.of(
                    "temp_url_sig",
                    "temp_url_expires",
                    "temp_url_prefix",
                    "temp_url_ip_range",
                    "filename",
                    "inline");

    private final ObjectStore store;

    TempUrls(ObjectStore store) {
        this.store = store;
    }

    /**
     * @param container null when a key of the account signed it
     */
    record Signed(Instant expires, @Nullable String container) {}

    static boolean isSigned(SwiftRequest request) {
        return request.query().has("temp_url_sig") || request.query().has("temp_url_expires");
    }

    /**
     * @throws SwiftRefusal when the signature does not hold
     */
    Signed verify(SwiftRequest request, String account) {
        SwiftQuery query = request.query();
        Instant expires = expires(query.firstOrEmpty("temp_url_expires"));
        String signature = query.firstOrEmpty("temp_url_sig");
        if (!request.path().isObject()
                || signature.isEmpty()
                || expires == null
                || !METHODS.contains(request.method())) {
            throw invalid();
        }
        if (!request.now().isBefore(expires)) {
            throw invalid();
        }
        requireAddress(request, query.first("temp_url_ip_range"));
        requireUnpointed(request);
        for (Key key : keys(account, request.path().container())) {
            for (String text : texts(request, expires)) {
                if (matches(signature, key.text(), text)) {
                    return new Signed(expires, key.container());
                }
            }
        }
        throw invalid();
    }

    /** Wherever it fails, the answer is one and the same. */
    private static SwiftRefusal invalid() {
        return new SwiftRefusal(
                        StatusPage.UNAUTHORIZED,
                        "401 Unauthorized: Temp URL invalid\n",
                        "text/plain")
                .header("Www-Authenticate", "Swift realm=\"unknown\"");
    }

    private static @Nullable Instant expires(String text) {
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException | DateTimeException e) {
            return expiresDate(text);
        }
    }

    private static @Nullable Instant expiresDate(String text) {
        try {
            return text.length() <= 19
                    ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static void requireAddress(SwiftRequest request, @Nullable String range) {
        if (range != null && !isWithin(request.http().remoteAddress().getAddress(), range)) {
            throw invalid();
        }
    }

    /** Addresses and ranges in numbers only: a name would be looked up. */
    static boolean isWithin(InetAddress address, String range) {
        if (!range.matches("[0-9A-Fa-f:.]+(/[0-9]{1,3})?")) {
            return false;
        }
        int slash = range.indexOf('/');
        try {
            byte[] network =
                    InetAddress.getByName(slash < 0 ? range : range.substring(0, slash))
                            .getAddress();
            byte[] own = address.getAddress();
            int bits =
                    slash < 0 ? network.length * 8 : Integer.parseInt(range.substring(slash + 1));
            return own.length == network.length
                    && bits <= own.length * 8
                    && agree(own, network, bits);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean agree(byte[] a, byte[] b, int bits) {
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static void requireUnpointed(SwiftRequest request) {
        for (String header : NOT_SIGNED) {
            if (request.hasHeader(header) && !request.method().equals("GET")) {
                throw StatusPage.BAD_REQUEST.plain(
                        "The header %s is not allowed in this tempurl"
                                .formatted(UserMetadata.title(header)));
            }
        }
    }

    record Key(String text, @Nullable String container) {}

    /** The keys of an account and of one of its containers. */
    List<Key> keys(String account, String container) {
        List<Key> keys = new ArrayList<>();
        addKeys(keys, store.view().account(account).settings(), null);
        Optional<Bucket> bucket =
                store.bucket(account, container).filter(b -> b.owner().equals(account));
        bucket.ifPresent(found -> addKeys(keys, found.settings(), container));
        return keys;
    }

    private static void addKeys(
            List<Key> keys, Map<String, String> settings, @Nullable String container) {
        for (String name : new String[] {"temp-url-key", "temp-url-key-2"}) {
            String key = SettingsChange.metadata(settings, name);
            if (key != null) {
                keys.add(new Key(key, container));
            }
        }
    }

    /** What may have been signed: a HEAD is covered by what covers reading or writing. */
    private static List<String> texts(SwiftRequest request, Instant expires) {
        String prefix = request.query().first("temp_url_prefix");
        SwiftPath path = request.path();
        String signed = "/v1/" + path.account() + "/" + path.container() + "/";
        if (prefix == null) {
            signed = signed + path.object();
        } else {
            if (!path.object().startsWith(prefix)) {
                throw invalid();
            }
            signed = "prefix:" + signed + prefix;
        }
        String range = request.query().first("temp_url_ip_range");
        String ip = range == null ? "" : "ip=" + range + "\n";
        List<String> methods =
                request.isHead()
                        ? List.of("HEAD", "GET", "PUT", "POST")
                        : List.of(request.method());
        List<String> texts = new ArrayList<>();
        for (String method : methods) {
            texts.add(ip + method + "\n" + expires.getEpochSecond() + "\n" + signed);
        }
        return texts;
    }

    static boolean matches(String signature, String key, String text) {
        String algorithm = "";
        byte[] claimed;
        int colon = signature.indexOf(':');
        try {
            if (colon >= 0) {
                algorithm = signature.substring(0, colon);
                String encoded = signature.substring(colon + 1).replace('-', '+').replace('_', '/');
                claimed = Base64.getDecoder().decode(encoded);
            } else {
                claimed = HexFormat.of().parseHex(signature);
                algorithm =
                        switch (claimed.length) {
                            case 20 -> "sha1";
                            case 32 -> "sha256";
                            case 64 -> "sha512";
                            default -> "";
                        };
            }
        } catch (IllegalArgumentException e) {
            return false;
        }
        return DIGESTS.contains(algorithm)
                && MessageDigest.isEqual(claimed, mac(algorithm, key, text));
    }

    private static byte[] mac(String algorithm, String key, String text) {
        String name = "Hmac" + algorithm.toUpperCase(Locale.ROOT);
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), name));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
    }

    /** How a browser is to save it, or that it is to show it. */
    static String disposition(SwiftRequest request, @Nullable String stored) {
        SwiftQuery query = request.query();
        String name = query.first("filename");
        boolean inline = query.has("inline");
        if (name == null && inline) {
            return "inline";
        }
        if (name == null && stored != null) {
            return stored;
        }
        String shown = name == null ? lastPart(request.path().object()) : name;
        return (inline ? "inline" : "attachment")
                + "; filename=\""
                + shown.replace("\"", "%22")
                + "\"; filename*=UTF-8''"
                + Percent.encode(shown);
    }

    private static String lastPart(String name) {
        String trimmed = name.replaceFirst("/+$", "");
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
