package io.varve.endpoint.cors;

import io.varve.endpoint.server.HttpHeaders;

import java.util.List;
import java.util.Locale;

/**
 * Which origins may ask for what. Immutable. An origin or a header may have one asterisk in it,
 * that stands for anything.
 *
 * @param exposed headers that the page gets to see
 * @param maxAge seconds for which a browser may remember a preflight; empty for its own choice
 */
public record CorsRule(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        List<String> exposed,
        String maxAge) {
    private static final String VARY =
            "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

    public CorsRule {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        exposed = List.copyOf(exposed);
    }

    public boolean allows(String origin, String method) {
        return methods.contains(method)
                && origins.stream().anyMatch(pattern -> matches(pattern, origin));
    }

    public boolean allowsHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return headers.stream().anyMatch(p -> matches(p.toLowerCase(Locale.ROOT), lower));
    }

    public boolean allowsEveryOrigin() {
        return origins.contains("*");
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        String start = pattern.substring(0, star);
        String end = pattern.substring(star + 1);
        return text.length() >= start.length() + end.length()
                && text.startsWith(start)
                && text.endsWith(end);
    }

    /** What S3 tells a browser of the rule that let its request through. */
    public HttpHeaders told(String origin) {
        HttpHeaders.Builder told = new HttpHeaders.Builder();
        boolean every = allowsEveryOrigin();
        told.add("Access-Control-Allow-Origin", every ? "*" : origin);
        if (!every) {
            told.add("Access-Control-Allow-Credentials", "true");
        }
        told.add("Access-Control-Allow-Methods", String.join(", ", methods));
        if (!exposed.isEmpty()) {
            told.add("Access-Control-Expose-Headers", String.join(", ", exposed));
        }
        if (!maxAge.isEmpty()) {
            told.add("Access-Control-Max-Age", maxAge);
        }
        told.add("Vary", VARY);
        return told.build();
    }
}
