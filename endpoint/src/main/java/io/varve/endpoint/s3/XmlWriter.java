package io.varve.endpoint.s3;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes the small, flat documents of S3. Not safe for use by several threads.
 *
 * <p>Characters that XML 1.0 cannot hold (most control characters) are written as numeric
 * references, as S3 does: no XML 1.0 parser takes them, which is why a client with such keys asks
 * for {@code encoding-type=url}. A carriage return is written so too, since parsers turn a bare one
 * into a line feed.
 */
final class XmlWriter {
    static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final StringBuilder out = new StringBuilder(512);
    private final Deque<String> open = new ArrayDeque<>();

    private XmlWriter() {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /** A document whose root is in the S3 namespace. */
    static XmlWriter document(String root) {
        XmlWriter xml = new XmlWriter();
        xml.out.append('<').append(root).append(" xmlns=\"").append(S3_NAMESPACE).append("\">");
        xml.open.push(root);
        return xml;
    }

    /** A document without a namespace (errors are such). */
    static XmlWriter plainDocument(String root) {
        return new XmlWriter().start(root);
    }

    XmlWriter start(String name) {
        out.append('<').append(name).append('>');
        open.push(name);
        return this;
    }

    /** Starts an element with the schema-instance type that S3 gives its grantees. */
    XmlWriter startTyped(String name, String type) {
        out.append('<')
                .append(name)
                .append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"")
                .append(type)
                .append("\">");
        open.push(name);
        return this;
    }

    XmlWriter end() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    XmlWriter element(String name, String text) {
        out.append('<').append(name).append('>');
        escape(text);
        out.append("</").append(name).append('>');
        return this;
    }

    XmlWriter element(String name, long number) {
        out.append('<').append(name).append('>').append(number);
        out.append("</").append(name).append('>');
        return this;
    }

    XmlWriter element(String name, boolean value) {
        return element(name, value ? "true" : "false");
    }

    XmlWriter empty(String name) {
        out.append('<').append(name).append("/>");
        return this;
    }

    /** Text directly inside the element that is open. */
    XmlWriter text(String text) {
        escape(text);
        return this;
    }

    /** Ends what is open and gives the document. */
    byte[] finish() {
        while (!open.isEmpty()) {
            end();
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\t', '\n' -> out.append(c);
                default -> {
                    if (c < 0x20 || c == 0xFFFE || c == 0xFFFF) {
                        out.append("&#x").append(Integer.toHexString(c)).append(';');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
