package io.varve.endpoint.swift;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Percent escapes as Swift reads and writes them: what is not a valid escape stands for itself, and
 * what is escaped on the way out is everything but letters, digits, {@code _.-~} and the slash.
 */
final class Percent {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Percent() {}

    /** Empty when the bytes are not UTF-8. */
    static Optional<String> decode(String raw) {
        return decode(raw, false);
    }

    /** As {@link #decode}, with a plus sign for a space. */
    static Optional<String> decodeQuery(String raw) {
        return decode(raw, true);
    }

    private static Optional<String> decode(String raw, boolean plusIsSpace) {
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            int escaped = b == '%' ? escapeAt(source, i) : -1;
            if (escaped >= 0) {
                bytes[length++] = (byte) escaped;
                i += 2;
            } else {
                bytes[length++] = b == '+' && plusIsSpace ? (byte) ' ' : b;
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(Arrays.copyOf(bytes, length)))
                            .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static int escapeAt(byte[] source, int at) {
        if (at + 2 >= source.length) {
            return -1;
        }
        int high = Character.digit(source[at + 1], 16);
        int low = Character.digit(source[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Escapes a name; slashes stay. */
    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
            }
        }
        return out.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~'
                || b == '/';
    }
}
