package io.varve.endpoint.swift;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What users say of accounts, containers and objects in headers of their own naming. */
final class UserMetadata {
    static final String ACCOUNT = "x-account-meta-";
    static final String CONTAINER = "x-container-meta-";
    static final String OBJECT = "x-object-meta-";

    private UserMetadata() {}

    /**
     * By lower-case name without the prefix; an empty value stays.
     *
     * @throws SwiftRefusal when it is more than Swift takes of one request
     */
    static SortedMap<String, String> of(SwiftRequest request, String prefix) {
        SortedMap<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            String value = String.join(",", header.getValue());
            if (Utf8.length(value) > Limits.MAX_HEADER_BYTES) {
                throw StatusPage.BAD_REQUEST.plain("Header value too long: " + header.getKey());
            }
            if (header.getKey().startsWith(prefix)) {
                String name = header.getKey().substring(prefix.length());
                requireSmall(prefix, name, value);
                metadata.put(name, value);
            }
        }
        requireFew(metadata);
        return metadata;
    }

    /** Of accounts and containers, Swift takes nothing else; of objects it takes any bytes. */
    static void requireUtf8(SwiftRequest request, String prefix) {
        if (request.http().headersAreUtf8()) {
            return;
        }
        request.headers()
                .forEach(
                        (name, values) -> {
                            if (name.startsWith(prefix)
                                    && !values.stream().allMatch(Utf8::isAscii)) {
                                throw StatusPage.BAD_REQUEST.plain("Metadata must be valid UTF-8");
                            }
                        });
    }

    private static void requireSmall(String prefix, String name, String value) {
        if (name.isEmpty()) {
            throw StatusPage.BAD_REQUEST.plain("Metadata name cannot be empty");
        }
        if (name.indexOf('\uFFFD') >= 0 || value.indexOf('\uFFFD') >= 0) {
            throw StatusPage.BAD_REQUEST.plain("Metadata must be valid UTF-8");
        }
        if (Utf8.length(name) > Limits.MAX_META_NAME) {
            throw StatusPage.BAD_REQUEST.plain("Metadata name too long: " + shown(prefix, name));
        }
        if (sentBytes(value) > Limits.MAX_META_VALUE) {
            throw StatusPage.BAD_REQUEST.plain(
                    "Metadata value longer than %d: %s"
                            .formatted(Limits.MAX_META_VALUE, shown(prefix, name)));
        }
    }

    /**
     * What is no UTF-8 comes as ISO-8859-1, a byte for a character. What could be either counts as
     * the shorter.
     */
    private static int sentBytes(String value) {
        return value.chars().allMatch(c -> c < 0x100) ? value.length() : Utf8.length(value);
    }

    /** The bounds on all metadata of one account, container or object together. */
    static void requireFew(Map<String, String> metadata) {
        if (metadata.size() > Limits.MAX_META_COUNT) {
            throw StatusPage.BAD_REQUEST.plain(
                    "Too many metadata items; max " + Limits.MAX_META_COUNT);
        }
        int size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            size += Utf8.length(entry.getKey()) + sentBytes(entry.getValue());
        }
        if (size > Limits.MAX_META_OVERALL) {
            throw StatusPage.BAD_REQUEST.plain(
                    "Total metadata too large; max " + Limits.MAX_META_OVERALL);
        }
    }

    /** The header in the spelling it goes out in: every word begins with a capital. */
    static String shown(String prefix, String name) {
        return title(prefix) + title(name);
    }

    static String title(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean start = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
            start = !Character.isLetter(c);
        }
        return out.toString();
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
