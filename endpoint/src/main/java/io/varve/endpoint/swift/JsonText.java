package io.varve.endpoint.swift;

import java.nio.charset.StandardCharsets;

/**
 * Writes JSON in the form that Swift gives it: a space after each comma and colon, and escapes for
 * everything beyond ASCII. Not safe for use by several threads.
 */
final class JsonText {
    private final StringBuilder out = new StringBuilder(256);
    private boolean first = true;

    private void separate() {
        if (!first) {
            out.append(", ");
        }
        first = true;
    }

    JsonText startList() {
        separate();
        out.append('[');
        return this;
    }

    JsonText endList() {
        out.append(']');
        first = false;
        return this;
    }

    JsonText startObject() {
        separate();
        out.append('{');
        return this;
    }

    JsonText endObject() {
        out.append('}');
        first = false;
        return this;
    }

    JsonText name(String name) {
        separate();
        string(name);
        out.append(": ");
        return this;
    }

    JsonText value(String text) {
        separate();
        string(text);
        first = false;
        return this;
    }

    JsonText value(long number) {
        separate();
        out.append(number);
        first = false;
        return this;
    }

    JsonText value(boolean value) {
        separate();
        out.append(value);
        first = false;
        return this;
    }

    JsonText nothing() {
        separate();
        out.append("null");
        first = false;
        return this;
    }

    JsonText member(String name, String value) {
        return name(name).value(value);
    }

    JsonText member(String name, long value) {
        return name(name).value(value);
    }

    JsonText member(String name, boolean value) {
        return name(name).value(value);
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c > 0x7E) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return out.toString();
    }

    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
