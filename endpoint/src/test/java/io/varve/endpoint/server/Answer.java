package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** What a client was answered, by whichever protocol. */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(int status, HttpHeaders headers, byte[] body, long announcedBytes) {

    public static Answer of(HttpResponse response) throws IOException {
        long announced =
                switch (response.body()) {
                    case HttpBody.None _ -> 0;
                    case HttpBody.Bytes(byte[] bytes) -> bytes.length;
                    case HttpBody.Streaming(long length, _) -> length;
                    case HttpBody.LengthOnly(long length) -> length;
                };
        return new Answer(
                response.status(), response.headers(), TestResponses.bytes(response), announced);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public List<String> lines() {
        return text().lines().toList();
    }

    public String header(String name) {
        return headers.firstOr(name, "(none)");
    }

    /** Without quotes. */
    public String etag() {
        String etag = header("ETag");
        return etag.length() >= 2 && etag.startsWith("\"")
                ? etag.substring(1, etag.length() - 1)
                : etag;
    }

    /** The text of every element of this name, in document order. */
    public List<String> all(String element) {
        NodeList nodes = document().getElementsByTagNameNS("*", element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    /** The text of the first element of this name. */
    public String xml(String element) {
        List<String> all = all(element);
        return all.isEmpty() ? "(none)" : all.getFirst();
    }

    private Document document() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(body));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("not XML: " + text(), e);
        }
    }

    public Answer expect(int expected) {
        assertEquals(expected, status, this::text);
        return this;
    }

    public Answer expect(int expected, String code) {
        assertEquals(expected + " " + code, status + " " + xml("Code"), this::text);
        return this;
    }
}
