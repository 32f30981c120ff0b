package io.varve.endpoint.s3;

import java.util.Set;

/** S3's CORS configuration as a client writes it: checked when it is put. */
final class CorsDocument {
    private static final int RULES_MAX = 100;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "HEAD", "POST", "DELETE");

    private CorsDocument() {}

    /**
     * @throws S3Refusal when it is none
     */
    static void check(byte[] document) {
        int rules = 0;
        XmlCursor xml = XmlCursor.open(document, "CORSConfiguration");
        while (xml.nextChild()) {
            if (!xml.name().equals("CORSRule")) {
                throw S3Error.MALFORMED_XML.refusal();
            }
            checkRule(xml);
            rules++;
        }
        if (rules == 0 || rules > RULES_MAX) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    private static void checkRule(XmlCursor xml) {
        boolean origin = false;
        boolean method = false;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "AllowedOrigin" -> {
                    checkPattern(xml.text().strip(), "AllowedOrigin");
                    origin = true;
                }
                case "AllowedMethod" -> {
                    checkMethod(xml.text().strip());
                    method = true;
                }
                case "AllowedHeader" -> checkPattern(xml.text().strip(), "AllowedHeader");
                case "ExposeHeader" -> checkPlain(xml.text().strip());
                case "MaxAgeSeconds" -> checkSeconds(xml.integer());
                default -> xml.skip();
            }
        }
        if (!origin || !method) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    private static void checkSeconds(long seconds) {
        if (seconds < 0) {
            throw S3Error.MALFORMED_XML.refusal();
        }
    }

    private static void checkPattern(String text, String element) {
        if (text.indexOf('*') != text.lastIndexOf('*')) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "%s \"%s\" can not have more than one wildcard.".formatted(element, text));
        }
    }

    /** It goes into a header as it is. */
    private static void checkPlain(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= 0x20 || c > 0x7E || c == '*')) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "ExposeHeader \"%s\" contains wildcard or is no header.".formatted(text));
        }
    }

    private static void checkMethod(String name) {
        if (!METHODS.contains(name)) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Found unsupported HTTP method in CORS config. Unsupported method is " + name);
        }
    }
}
