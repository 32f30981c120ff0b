package io.varve.endpoint.access;

import java.util.List;

/** What policies may ask about a request besides who, what and where. */
@FunctionalInterface
public interface RequestFacts {
    RequestFacts NONE = key -> List.of();

    /**
     * @param key a condition key in lower case, such as {@code aws:sourceip}
     * @return its values; none when the request has no such key
     */
    List<String> values(String key);
}
