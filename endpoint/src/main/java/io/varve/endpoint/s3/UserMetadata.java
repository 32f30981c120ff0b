package io.varve.endpoint.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User metadata between its headers and Unicode. What a header cannot hold is in the encoded words
 * of RFC 2047, both ways, as S3 has it; raw UTF-8 is taken too.
 */
final class UserMetadata {
    static final String PREFIX = "x-amz-meta-";
    static final int MAX_BYTES = 2048;

    private static final Pattern ENCODED_WORD =
            Pattern.compile("=\\?([^?\\s]+)\\?([BbQq])\\?([^?\\s]*)\\?=");
    private static final Pattern ENCODED_VALUE =
            Pattern.compile(ENCODED_WORD.pattern() + "(?:\\s+" + ENCODED_WORD.pattern() + ")*");

    /** Encoded words may not be longer than 75 characters; 45 bytes are 60 of base64. */
    private static final int MAX_WORD_BYTES = 45;

    private UserMetadata() {}

    /** The metadata of a request, by lower-case name without the prefix. */
    static SortedMap<String, String> of(S3Request request) {
        SortedMap<String, String> metadata = new TreeMap<>();
        int sizeBytes = 0;
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            if (header.getKey().startsWith(PREFIX)) {
                String name = header.getKey().substring(PREFIX.length());
                String value = decoded(String.join(",", header.getValue()));
                metadata.put(name, value);
                sizeBytes += name.length() + value.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        if (sizeBytes > MAX_BYTES) {
            throw S3Error.METADATA_TOO_LARGE
                    .refusal()
                    .with("Size", sizeBytes)
                    .with("MaxSizeAllowed", MAX_BYTES);
        }
        return metadata;
    }

    /** A value that consists of encoded words is decoded; any other is what it is. */
    static String decoded(String value) {
        if (!value.startsWith("=?") || !ENCODED_VALUE.matcher(value).matches()) {
            return value;
        }
        StringBuilder decoded = new StringBuilder();
        Matcher words = ENCODED_WORD.matcher(value);
        while (words.find()) {
            Optional<String> word = word(words.group(1), words.group(2), words.group(3));
            if (word.isEmpty()) {
                return value;
            }
            decoded.append(word.get());
        }
        return decoded.toString();
    }

    private static Optional<String> word(String charset, String coding, String text) {
        try {
            byte[] bytes =
                    coding.equalsIgnoreCase("B")
                            ? Base64.getDecoder().decode(text)
                            : quotedPrintable(text);
            return Optional.of(
                    Charset.forName(charset)
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (IllegalCharsetNameException
                | UnsupportedCharsetException
                | CharacterCodingException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            // Neither base64 nor escapes after all.
            return Optional.empty();
        }
    }

    private static byte[] quotedPrintable(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_') {
                bytes.put((byte) ' ');
            } else if (c == '=') {
                if (i + 2 >= text.length()) {
                    throw new IllegalArgumentException("an escape is cut short");
                }
                bytes.put((byte) Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.put((byte) c);
            }
        }
        byte[] decoded = new byte[bytes.position()];
        bytes.flip().get(decoded);
        return decoded;
    }

    /** A value as a header can hold it. */
    static String encoded(String value) {
        if (isPrintableAscii(value)) {
            return value;
        }
        StringBuilder words = new StringBuilder();
        int start = 0;
        while (start < value.length()) {
            int end = wordEnd(value, start);
            byte[] bytes = value.substring(start, end).getBytes(StandardCharsets.UTF_8);
            words.append(words.isEmpty() ? "" : " ")
                    .append("=?UTF-8?B?")
                    .append(Base64.getEncoder().encodeToString(bytes))
                    .append("?=");
            start = end;
        }
        return words.toString();
    }

    /** As many characters from here as fit into one word. */
    private static int wordEnd(String value, int start) {
        int sizeBytes = 0;
        int at = start;
        while (at < value.length()) {
            int codePoint = value.codePointAt(at);
            int bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (sizeBytes + bytes > MAX_WORD_BYTES) {
                break;
            }
            sizeBytes += bytes;
            at += Character.charCount(codePoint);
        }
        return at;
    }

    private static boolean isPrintableAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c > 0x7E) {
                return false;
            }
        }
        return true;
    }
}
