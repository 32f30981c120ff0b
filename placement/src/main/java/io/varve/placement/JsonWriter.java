package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON to an {@link Appendable} as it goes, so that long reports need no memory. */
final class JsonWriter {
    private static final int CONTROL_LIMIT = 0x20;

    private final Appendable out;
    private boolean first = true;

    JsonWriter(Appendable out) {
        this.out = out;
    }

    JsonWriter open(char bracket) {
        separate();
        append(String.valueOf(bracket));
        first = true;
        return this;
    }

    JsonWriter close(char bracket) {
        append(String.valueOf(bracket));
        first = false;
        return this;
    }

    JsonWriter name(String name) {
        separate();
        quote(name);
        append(":");
        first = true;
        return this;
    }

    JsonWriter value(long number) {
        separate();
        append(Long.toString(number));
        return this;
    }

    /** A number with six digits after the point, null when it is not finite. */
    JsonWriter value(double number) {
        separate();
        append(Double.isFinite(number) ? Numbers.decimal(number, 6) : "null");
        return this;
    }

    JsonWriter value(@Nullable String text) {
        separate();
        if (text == null) {
            append("null");
        } else {
            quote(text);
        }
        return this;
    }

    void newLine() {
        append("\n");
    }

    private void separate() {
        if (!first) {
            append(",");
        }
        first = false;
    }

    private void quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < CONTROL_LIMIT) {
                quoted.append("\\u00").append(Character.forDigit(c >> 4, 16));
                quoted.append(Character.forDigit(c & 0xf, 16));
            } else {
                quoted.append(c);
            }
        }
        append(quoted.append('"').toString());
    }

    private void append(String text) {
        try {
            out.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
