package io.varve.endpoint.server;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Which bytes may stand where in an HTTP head, and how they become text. */
final class HttpText {
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
    }

    private HttpText() {}

    static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!TOKEN[bytes[i] & 0xFF]) {
                return false;
            }
        }
        return from < to;
    }

    static boolean isTokenByte(byte b) {
        return TOKEN[b & 0xFF];
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7F || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A field value: visible characters, space, tab, and anything above ASCII. */
    static boolean isValue(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < 0x20 && b != '\t') || b == 0x7F) {
                return false;
            }
        }
        return true;
    }

    static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * UTF-8 where it is that, else ISO-8859-1: no two values become one, no byte is lost. Only what
     * was no UTF-8 has a character for each byte.
     */
    static String decodeBeyondAscii(byte[] bytes, int from, int to) {
        try {
            CharBuffer chars =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes, from, to - from));
            return chars.toString();
        } catch (CharacterCodingException _) {
            return ascii(bytes, from, to);
        }
    }
}
