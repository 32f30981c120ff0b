package io.varve.endpoint.swift;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters of a query; of several of one name the first counts. Immutable. */
final class SwiftQuery {
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");

    private final Map<String, String> raw = new LinkedHashMap<>();

    SwiftQuery(String rawQuery) {
        for (String pair : rawQuery.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            raw.putIfAbsent(Percent.decodeQuery(name).orElse(name), value);
        }
    }

    private SwiftQuery(Map<String, String> raw) {
        this.raw.putAll(raw);
    }

    /** Of these names alone. */
    SwiftQuery only(Set<String> names) {
        SwiftQuery rest = new SwiftQuery(raw);
        rest.raw.keySet().retainAll(names);
        return rest;
    }

    boolean has(String name) {
        return raw.containsKey(name);
    }

    /**
     * @throws SwiftRefusal when the value is not UTF-8
     */
    @Nullable String first(String name) {
        String value = raw.get(name);
        if (value == null) {
            return null;
        }
        Optional<String> decoded = Percent.decodeQuery(value);
        return decoded.orElseThrow(
                () ->
                        StatusPage.BAD_REQUEST.plain(
                                "\"%s\" parameter not valid UTF-8".formatted(name)));
    }

    String firstOrEmpty(String name) {
        String value = first(name);
        return value == null ? "" : value;
    }

    boolean isTrue(String name) {
        return saysYes(first(name));
    }

    /** What Swift takes for a yes, in a parameter or a header. */
    static boolean saysYes(@Nullable String value) {
        return value != null && TRUE.contains(value.toLowerCase(Locale.ROOT));
    }
}
