package io.varve.endpoint.keystone;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The query of a URL, decoded; of a name that is there twice the first counts. */
final class Query {
    private final Map<String, String> values = new LinkedHashMap<>();

    private Query() {}

    static Query of(String raw) {
        Query query = new Query();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.values.putIfAbsent(decode(name), decode(value));
            }
        }
        return query;
    }

    /** One segment of a path. */
    static String decodeSegment(String raw) {
        return decode(raw.replace("+", "%2B"));
    }

    private static String decode(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw KeystoneRefusal.badRequest("The URL is not encoded correctly.");
        }
    }

    @Nullable String get(String name) {
        return values.get(name);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether a thing with this value passes the filter of that name, if there is one. */
    boolean admits(String name, String value) {
        String wanted = values.get(name);
        return wanted == null || wanted.equals(value);
    }

    /** As {@link #admits(String, String)}; {@code 0} and {@code false} mean no. */
    boolean admits(String name, boolean value) {
        String wanted = values.get(name);
        if (wanted == null) {
            return true;
        }
        boolean no = wanted.equals("0") || wanted.equalsIgnoreCase("false");
        return value != no;
    }

    /** A flag that is on by being there, unless it says no. */
    boolean flag(String name) {
        String value = values.get(name);
        return value != null && !value.equals("0") && !value.equalsIgnoreCase("false");
    }
}
