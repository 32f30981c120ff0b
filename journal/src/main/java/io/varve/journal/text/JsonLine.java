package io.varve.journal.text;

import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON value on one line. The caller keeps objects and arrays balanced. Single-threaded.
 */
final class JsonLine {
    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    JsonLine beginObject() {
        separate();
        text.append('{');
        first = true;
        return this;
    }

    JsonLine endObject() {
        text.append('}');
        first = false;
        return this;
    }

    JsonLine beginArray() {
        separate();
        text.append('[');
        first = true;
        return this;
    }

    JsonLine endArray() {
        text.append(']');
        first = false;
        return this;
    }

    /** Starts a field; its value follows. */
    JsonLine name(String name) {
        separate();
        quote(name);
        text.append(':');
        first = true;
        return this;
    }

    JsonLine field(String name, @Nullable String value) {
        name(name);
        return value(value);
    }

    JsonLine field(String name, long value) {
        name(name);
        separate();
        text.append(value);
        return this;
    }

    JsonLine field(String name, boolean value) {
        name(name);
        separate();
        text.append(value);
        return this;
    }

    JsonLine value(@Nullable String value) {
        separate();
        if (value == null) {
            text.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    private void quote(String value) {
        quote(value, text);
    }

    /** Appends a JSON string; control characters are escaped, so it never breaks a line. */
    static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
