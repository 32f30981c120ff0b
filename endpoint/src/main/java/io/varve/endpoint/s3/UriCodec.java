package io.varve.endpoint.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Percent escapes, byte by byte. Decoding is exact: nothing is normalised, and what is not a valid
 * escape or not UTF-8 is {@code InvalidURI}. Encoding is the form that signatures are computed
 * over: everything but the unreserved characters of RFC 3986, in upper-case hex.
 */
final class UriCodec {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            UNRESERVED[c] =
                    (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || c == '.'
                            || c == '_'
                            || c == '~';
        }
    }

    private UriCodec() {}

    /** Decodes a part of a path. A plus sign is a plus sign. */
    static String decodePath(String raw) {
        return decode(raw, false);
    }

    /** Decodes a name or value of a query, where a plus sign stands for a space. */
    static String decodeQuery(String raw) {
        return decode(raw, true);
    }

    private static String decode(String raw, boolean plusIsSpace) {
        if (isPlain(raw, plusIsSpace)) {
            return raw;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(unescape(raw, plusIsSpace)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw S3Error.INVALID_URI.refusal();
        }
    }

    private static boolean isPlain(String raw, boolean plusIsSpace) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c > 0x7F || (plusIsSpace && c == '+')) {
                return false;
            }
        }
        return true;
    }

    private static byte[] unescape(String raw, boolean plusIsSpace) {
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (b == '%') {
                if (i + 2 >= source.length) {
                    throw S3Error.INVALID_URI.refusal();
                }
                int high = Character.digit(source[i + 1], 16);
                int low = Character.digit(source[i + 2], 16);
                if (high < 0 || low < 0) {
                    throw S3Error.INVALID_URI.refusal();
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (b == '+' && plusIsSpace) {
                bytes[length++] = ' ';
            } else {
                bytes[length++] = b;
            }
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Appends the escaped form; a slash is kept where it separates the parts of a path. */
    static void encode(StringBuilder out, String text, boolean keepSlash) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                if (UNRESERVED[c] || (keepSlash && c == '/')) {
                    out.append(c);
                } else {
                    escape(out, (byte) c);
                }
            } else {
                int end = Character.isHighSurrogate(c) ? Math.min(i + 2, text.length()) : i + 1;
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    escape(out, b);
                }
                i = end - 1;
            }
        }
    }

    static String encode(String text, boolean keepSlash) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        encode(out, text, keepSlash);
        return out.toString();
    }

    /** Whether encoding this path changes nothing. */
    static boolean isCanonicalPath(String rawPath) {
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c >= 128 || (!UNRESERVED[c] && c != '/')) {
                return false;
            }
        }
        return true;
    }

    private static void escape(StringBuilder out, byte b) {
        out.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
    }
}
