package io.varve.endpoint.cors;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The rules of a bucket: those of its S3 configuration, or, where it has none, what Swift's
 * metadata says. Immutable.
 *
 * @param rules the first that fits counts
 */
public record CorsRules(List<CorsRule> rules) {
    /** The setting that keeps S3's configuration, as the client wrote it, once it was checked. */
    public static final String DOCUMENT = "cors";

    private static final String SWIFT_ORIGINS = "meta.access-control-allow-origin";
    private static final String SWIFT_EXPOSED = "meta.access-control-expose-headers";
    private static final String SWIFT_MAX_AGE = "meta.access-control-max-age";
    private static final List<String> EVERY_METHOD =
            List.of("GET", "HEAD", "PUT", "POST", "DELETE", "COPY");

    private static final XMLInputFactory FACTORY = factory();

    public CorsRules {
        rules = List.copyOf(rules);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /** Empty when the bucket has none. */
    public static Optional<CorsRules> of(Map<String, String> settings) {
        Optional<CorsRules> document = ofDocument(settings);
        return document.isPresent()
                ? document
                : ofSwift(settings).map(rule -> new CorsRules(List.of(rule)));
    }

    /** Those of the S3 configuration alone. */
    public static Optional<CorsRules> ofDocument(Map<String, String> settings) {
        String document = settings.get(DOCUMENT);
        return document == null ? Optional.empty() : Optional.of(read(document));
    }

    /** What Swift's metadata comes to: its origins may ask for everything. */
    public static Optional<CorsRule> ofSwift(Map<String, String> settings) {
        List<String> origins = words(settings.getOrDefault(SWIFT_ORIGINS, ""));
        if (origins.isEmpty()) {
            return Optional.empty();
        }
        String maxAge = settings.getOrDefault(SWIFT_MAX_AGE, "").strip();
        return Optional.of(
                new CorsRule(
                        origins,
                        EVERY_METHOD,
                        List.of("*"),
                        words(settings.getOrDefault(SWIFT_EXPOSED, "")),
                        maxAge));
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split(" ", -1)) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return words;
    }

    public Optional<CorsRule> rule(String origin, String method) {
        return rules.stream().filter(rule -> rule.allows(origin, method)).findFirst();
    }

    private static CorsRules read(String document) {
        List<CorsRule> rules = new ArrayList<>();
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(new StringReader(document));
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("CORSRule")) {
                    rules.add(readRule(xml));
                }
            }
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a CORS configuration that was checked is damaged", e);
        }
        return new CorsRules(rules);
    }

    private static CorsRule readRule(XMLStreamReader xml) throws XMLStreamException {
        List<String> origins = new ArrayList<>();
        List<String> methods = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        List<String> exposed = new ArrayList<>();
        String maxAge = "";
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            switch (xml.getLocalName()) {
                case "AllowedOrigin" -> origins.add(text(xml));
                case "AllowedMethod" -> methods.add(text(xml));
                case "AllowedHeader" -> headers.add(text(xml));
                case "ExposeHeader" -> exposed.add(text(xml));
                case "MaxAgeSeconds" -> maxAge = text(xml);
                default -> skip(xml);
            }
        }
        return new CorsRule(origins, methods, headers, exposed, maxAge);
    }

    private static String text(XMLStreamReader xml) throws XMLStreamException {
        return xml.getElementText().strip();
    }

    private static void skip(XMLStreamReader xml) throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
    }
}
