package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The parameters that every listing shares. */
final class Paging {
    static final int MAX_PAGE = 1000;

    private static final byte TOKEN_FORM = 1;

    private Paging() {}

    /** How many entries a page has at the most: what was asked for, within S3's limit. */
    static int limit(S3Call call, String parameter) {
        String value = call.query().first(parameter);
        if (value == null || value.isEmpty()) {
            return MAX_PAGE;
        }
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw S3Refusal.invalidArgument(
                    "Provided " + parameter + " not an integer or within integer range",
                    parameter,
                    value);
        }
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw S3Refusal.invalidArgument(
                    "Argument " + parameter + " must be an integer between 0 and 2147483647",
                    parameter,
                    value);
        }
        return (int) Math.min(number, MAX_PAGE);
    }

    /** Null when there is no such parameter or it is empty, which mean the same. */
    static @Nullable String nonEmpty(S3Call call, String parameter) {
        String value = call.query().firstOrEmpty(parameter);
        return value.isEmpty() ? null : value;
    }

    /** Whether names are to be escaped in the answer. */
    static boolean urlEncoding(S3Call call) {
        String encoding = call.query().firstOrEmpty("encoding-type");
        if (encoding.isEmpty()) {
            return false;
        }
        if (!encoding.equals("url")) {
            throw S3Refusal.invalidArgument(
                    "Invalid Encoding Method specified in Request", "encoding-type", encoding);
        }
        return true;
    }

    /** A token from which the next page starts after this name. */
    static String token(String after) {
        byte[] name = after.getBytes(StandardCharsets.UTF_8);
        byte[] token = new byte[name.length + 1];
        token[0] = TOKEN_FORM;
        System.arraycopy(name, 0, token, 1, name.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static String afterOf(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length > 0 && bytes[0] == TOKEN_FORM) {
                return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            // Refused below, like one of another form.
        }
        throw S3Refusal.invalidArgument(
                "The continuation token provided is incorrect", "continuation-token", token);
    }
}
