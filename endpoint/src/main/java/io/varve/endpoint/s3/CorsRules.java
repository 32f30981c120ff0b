package io.varve.endpoint.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which pages of other sites may have a browser ask this bucket for what. Immutable.
 *
 * @param rules the first that fits counts
 */
record CorsRules(List<Rule> rules) {
    /** The setting that keeps them, as the client wrote them. */
    static final String SETTING = "cors";

    private static final int RULES_MAX = 100;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "HEAD", "POST", "DELETE");

    /**
     * @param maxAge seconds for which a browser may remember a preflight; empty for its own choice
     */
    record Rule(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            String maxAge) {

        private boolean fits(String origin, String method) {
            return methods.contains(method)
                    && origins.stream().anyMatch(pattern -> matches(pattern, origin));
        }

        boolean allowsHeader(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return headers.stream().anyMatch(p -> matches(p.toLowerCase(Locale.ROOT), lower));
        }

        boolean allowsEveryOrigin() {
            return origins.contains("*");
        }
    }

    /** A pattern has one asterisk at the most. */
    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        String start = pattern.substring(0, star);
        String end = pattern.substring(star + 1);
        return text.length() >= start.length() + end.length()
                && text.startsWith(start)
                && text.endsWith(end);
    }

    Optional<Rule> rule(String origin, String method) {
        return rules.stream().filter(rule -> rule.fits(origin, method)).findFirst();
    }

    static CorsRules parse(byte[] document) {
        List<Rule> rules = new ArrayList<>();
        XmlCursor xml = XmlCursor.open(document, "CORSConfiguration");
        while (xml.nextChild()) {
            if (!xml.name().equals("CORSRule")) {
                throw S3Error.MALFORMED_XML.refusal();
            }
            rules.add(rule(xml));
        }
        if (rules.isEmpty() || rules.size() > RULES_MAX) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        return new CorsRules(List.copyOf(rules));
    }

    private static Rule rule(XmlCursor xml) {
        List<String> origins = new ArrayList<>();
        List<String> methods = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        List<String> exposed = new ArrayList<>();
        String maxAge = "";
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "AllowedOrigin" -> origins.add(pattern(xml.text().strip(), "AllowedOrigin"));
                case "AllowedMethod" -> methods.add(method(xml.text().strip()));
                case "AllowedHeader" -> headers.add(pattern(xml.text().strip(), "AllowedHeader"));
                case "ExposeHeader" -> exposed.add(plain(xml.text().strip()));
                case "MaxAgeSeconds" -> maxAge = Integer.toString(xml.integer());
                default -> xml.skip();
            }
        }
        if (origins.isEmpty() || methods.isEmpty()) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        return new Rule(origins, methods, headers, exposed, maxAge);
    }

    private static String pattern(String text, String element) {
        if (text.indexOf('*') != text.lastIndexOf('*')) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "%s \"%s\" can not have more than one wildcard.".formatted(element, text));
        }
        return text;
    }

    /** It goes into a header as it is. */
    private static String plain(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= 0x20 || c > 0x7E || c == '*')) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "ExposeHeader \"%s\" contains wildcard or is no header.".formatted(text));
        }
        return text;
    }

    private static String method(String name) {
        if (!METHODS.contains(name)) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Found unsupported HTTP method in CORS config. Unsupported method is " + name);
        }
        return name;
    }
}
