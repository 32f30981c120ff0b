package io.varve.endpoint.swift;

/** Escapes for the XML of listings, which is written by hand. */
final class XmlText {
    static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private XmlText() {}

    static void element(StringBuilder out, String name, String text) {
        out.append('<').append(name).append('>').append(escaped(text));
        out.append("</").append(name).append('>');
    }

    /** Text between tags. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> {
                    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0xFFFE || c == 0xFFFF) {
                        out.append("&#x").append(Integer.toHexString(c)).append(';');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    /** The value of an attribute, with its quotes. */
    static String quoted(String text) {
        String escaped = escaped(text).replace("\n", "&#10;").replace("\t", "&#9;");
        if (!escaped.contains("\"")) {
            return '"' + escaped + '"';
        }
        return escaped.contains("'")
                ? '"' + escaped.replace("\"", "&quot;") + '"'
                : "'" + escaped + "'";
    }
}
