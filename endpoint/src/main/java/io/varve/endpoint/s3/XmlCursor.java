package io.varve.endpoint.s3;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a request's XML forwards, element by element, without building a tree. Namespaces are
 * ignored, since clients differ in them; a document type declaration, and with it every entity, is
 * refused. Whatever is not well-formed, too deep or not of the expected form is {@code
 * MalformedXML}.
 *
 * <pre>
 *   XmlCursor xml = XmlCursor.open(bytes, "Delete");
 *   while (xml.nextChild()) {
 *       switch (xml.name()) {
 *           case "Object" -&gt; { while (xml.nextChild()) … }
 *           case "Quiet" -&gt; quiet = xml.bool();
 *           default -&gt; xml.skip();
 *       }
 *   }
 * </pre>
 *
 * Each child that {@link #nextChild} stops at must be consumed, by a loop of its own, by {@link
 * #text} or by {@link #skip}. Not safe for use by several threads.
 */
final class XmlCursor {
    private static final int MAX_DEPTH = 16;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private int depth;

    private XmlCursor(XMLStreamReader reader) {
        this.reader = reader;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver(
                (_, _, _, _) -> {
                    throw new XMLStreamException("external entities are not read");
                });
        // The default reporter writes to standard error what clients send.
        factory.setXMLReporter((_, _, _, _) -> {});
        return factory;
    }

    /** Opens a document and stands on its root, whose name must be one of these. */
    static XmlCursor open(byte[] document, String... roots) {
        try {
            XmlCursor cursor =
                    new XmlCursor(FACTORY.createXMLStreamReader(new StringReader(text(document))));
            int event = cursor.reader.next();
            while (event != XMLStreamConstants.START_ELEMENT) {
                if (event == XMLStreamConstants.DTD) {
                    throw S3Error.MALFORMED_XML.refusal();
                }
                event = cursor.reader.next();
            }
            for (String root : roots) {
                if (root.equals(cursor.name())) {
                    return cursor;
                }
            }
            throw S3Error.MALFORMED_XML.refusal();
        } catch (XMLStreamException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    /** Clients send UTF-8, whatever else XML may come in. */
    private static String text(byte[] document) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(document))
                            .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    /** The element the cursor stands on. */
    String name() {
        return reader.getLocalName();
    }

    /**
     * Goes to the next child of the element whose children are being read; false at its end. After
     * the end of the root, what follows must be nothing.
     */
    boolean nextChild() {
        try {
            while (true) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (++depth > MAX_DEPTH) {
                            throw S3Error.MALFORMED_XML.refusal();
                        }
                        return true;
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (--depth < 0) {
                            requireEnd();
                        }
                        return false;
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (!reader.isWhiteSpace()) {
                            throw S3Error.MALFORMED_XML.refusal();
                        }
                    }
                    default -> {
                        // Comments and processing instructions say nothing.
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    private void requireEnd() throws XMLStreamException {
        while (reader.hasNext()) {
            reader.next();
        }
    }

    /** The text of the child the cursor stands on, which may hold no elements. */
    String text() {
        try {
            depth--;
            return reader.getElementText();
        } catch (XMLStreamException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    /** The text of the root, which has no children to read. */
    String rootText() {
        try {
            String text = reader.getElementText();
            requireEnd();
            return text;
        } catch (XMLStreamException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    int integer() {
        try {
            return Integer.parseInt(text().strip());
        } catch (NumberFormatException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    boolean bool() {
        return switch (text().strip()) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw S3Error.MALFORMED_XML.refusal();
        };
    }

    /** The value of an attribute of the element the cursor stands on, or empty. */
    String attribute(String localName) {
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(localName)) {
                return reader.getAttributeValue(i);
            }
        }
        return "";
    }

    /** Passes over the child the cursor stands on with everything in it. */
    void skip() {
        int inside = 1;
        try {
            while (inside > 0) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (depth + ++inside > MAX_DEPTH) {
                            throw S3Error.MALFORMED_XML.refusal();
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> inside--;
                    default -> {
                        // Text and comments of what is passed over.
                    }
                }
            }
            depth--;
        } catch (XMLStreamException e) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }
}
