package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * The headers of a request as front ends ask for them.
 *
 * @param all values by lower-case name
 */
public record HeaderValues(Map<String, List<String>> all) {

    public static HeaderValues of(HttpHeaders headers) {
        return new HeaderValues(headers.byLowerCaseName());
    }

    /** The value of a header by its lower-case name, several of them joined by commas; or null. */
    public @Nullable String joined(String lowerCaseName) {
        List<String> values = all.get(lowerCaseName);
        if (values == null) {
            return null;
        }
        return values.size() == 1 ? values.getFirst() : String.join(",", values);
    }

    /** The same; empty when there is none. */
    public String joinedOrEmpty(String lowerCaseName) {
        String value = joined(lowerCaseName);
        return value == null ? "" : value;
    }

    public boolean has(String lowerCaseName) {
        return all.containsKey(lowerCaseName);
    }
}
