package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The query of a request, decoded, in the order in which it was sent. Immutable. */
final class QueryParameters {
    private static final int MAX_PARAMETERS = 256;
    private static final QueryParameters EMPTY = new QueryParameters(List.of());

    private final List<Parameter> parameters;

    /**
     * A name with its value.
     *
     * @param bare whether the name stands alone, without an equals sign; then the value is empty
     */
    record Parameter(String name, String value, boolean bare) {}

    private QueryParameters(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    static QueryParameters parse(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return EMPTY;
        }
        List<Parameter> parameters = new ArrayList<>();
        int start = 0;
        while (start <= rawQuery.length()) {
            int end = rawQuery.indexOf('&', start);
            if (end < 0) {
                end = rawQuery.length();
            }
            if (end > start) {
                parameters.add(parameter(rawQuery.substring(start, end)));
                if (parameters.size() > MAX_PARAMETERS) {
                    throw S3Error.INVALID_URI.refusal("The query has too many parameters.");
                }
            }
            start = end + 1;
        }
        return new QueryParameters(List.copyOf(parameters));
    }

    private static Parameter parameter(String raw) {
        int equals = raw.indexOf('=');
        if (equals < 0) {
            return new Parameter(UriCodec.decodeQuery(raw), "", true);
        }
        return new Parameter(
                UriCodec.decodeQuery(raw.substring(0, equals)),
                UriCodec.decodeQuery(raw.substring(equals + 1)),
                false);
    }

    List<Parameter> all() {
        return parameters;
    }

    boolean has(String name) {
        return first(name) != null;
    }

    /** The value of the first parameter of this name, or null. */
    @Nullable String first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.value();
            }
        }
        return null;
    }

    /** The value of the first parameter of this name, or empty. */
    String firstOrEmpty(String name) {
        String value = first(name);
        return value == null ? "" : value;
    }
}
