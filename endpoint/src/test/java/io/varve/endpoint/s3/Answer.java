package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.TestResponses;

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

/** What a client was answered. */
record Answer(int status, HttpHeaders headers, byte[] body, long announcedBytes) {

    static Answer of(HttpResponse response) throws IOException {
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

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
        return headers.firstOr(name, "(none)");
    }

    String etag() {
        return ETags.bare(header("ETag"));
    }

    /** The text of every element of this name, in document order. */
    List<String> all(String element) {
        NodeList nodes = document().getElementsByTagNameNS("*", element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    /** The text of the first element of this name. */
    String xml(String element) {
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

    Answer expect(int expected) {
        assertEquals(expected, status, this::text);
        return this;
    }

    Answer expect(int expected, String code) {
        assertEquals(expected + " " + code, status + " " + xml("Code"), this::text);
        return this;
    }
}
