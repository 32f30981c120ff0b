package io.varve.endpoint.s3;

import io.varve.endpoint.s3.QueryParameters.Parameter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The one form of a request that client and server both sign (Signature Version 4). */
final class CanonicalRequest {
    /** A query parameter that carries the signature itself, and so is not signed. */
    static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private CanonicalRequest() {}

    /**
     * @param canonicalPath see {@link #path}
     * @param headers values by lower-case name
     * @param signedHeaders lower-case names in the order in which the client signed them
     * @param payloadHash what the request says of its body: a digest or one of the fixed words
     */
    static String of(
            String method,
            String canonicalPath,
            QueryParameters query,
            Map<String, List<String>> headers,
            List<String> signedHeaders,
            String payloadHash) {
        StringBuilder out = new StringBuilder(512);
        out.append(method).append('\n');
        out.append(canonicalPath).append('\n');
        appendQuery(out, query);
        out.append('\n');
        for (String name : signedHeaders) {
            out.append(name).append(':');
            appendValues(out, headers.getOrDefault(name, List.of()));
            out.append('\n');
        }
        out.append('\n');
        appendJoined(out, signedHeaders);
        out.append('\n').append(payloadHash);
        return out.toString();
    }

    /**
     * The path as S3 signs it: each byte of the decoded path escaped, unless it is unreserved or a
     * slash. Nothing is normalised.
     */
    static String path(String rawPath) {
        if (UriCodec.isCanonicalPath(rawPath)) {
            return rawPath;
        }
        return UriCodec.encode(UriCodec.decodePath(rawPath), true);
    }

    private static void appendQuery(StringBuilder out, QueryParameters query) {
        if (query.all().isEmpty()) {
            return;
        }
        List<Parameter> encoded = new ArrayList<>(query.all().size());
        for (Parameter parameter : query.all()) {
            if (!parameter.name().equals(SIGNATURE_PARAMETER)) {
                encoded.add(
                        new Parameter(
                                UriCodec.encode(parameter.name(), false),
                                UriCodec.encode(parameter.value(), false),
                                false));
            }
        }
        encoded.sort(Comparator.comparing(Parameter::name).thenComparing(Parameter::value));
        for (int i = 0; i < encoded.size(); i++) {
            if (i > 0) {
                out.append('&');
            }
            out.append(encoded.get(i).name()).append('=').append(encoded.get(i).value());
        }
    }

    /** Values that were sent under one name: each trimmed, joined by commas. */
    static void appendValues(StringBuilder out, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            appendCollapsed(out, values.get(i));
        }
    }

    /** Trimmed, and each run of spaces within as one. */
    private static void appendCollapsed(StringBuilder out, String value) {
        boolean gap = false;
        boolean begun = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                gap = true;
                continue;
            }
            if (gap && begun) {
                out.append(' ');
            }
            gap = false;
            begun = true;
            out.append(c);
        }
    }

    private static void appendJoined(StringBuilder out, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.append(';');
            }
            out.append(names.get(i));
        }
    }

    /** What is signed in the end: the digest of the canonical request within its scope. */
    static String stringToSign(String canonicalRequest, String date, CredentialScope scope) {
        return "AWS4-HMAC-SHA256\n"
                + date
                + "\n"
                + scope
                + "\n"
                + Digests.sha256Hex(canonicalRequest.getBytes(StandardCharsets.UTF_8));
    }
}
