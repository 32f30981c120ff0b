package io.varve.endpoint.swift;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What came of many things done by one request, in the form that the client asks for. */
final class BulkReport {
    private final TreeMap<String, Object> facts = new TreeMap<>();
    private final List<Failure> failures = new ArrayList<>();

    /** One thing that did not work, and why: {@code 404 Not Found} or some words. */
    record Failure(String name, String reason) {}

    BulkReport fact(String name, Object value) {
        facts.put(name, value);
        return this;
    }

    BulkReport factIfAbsent(String name, Object value) {
        facts.putIfAbsent(name, value);
        return this;
    }

    BulkReport failure(String name, String reason) {
        failures.add(new Failure(name, reason));
        return this;
    }

    boolean hasFailures() {
        return !failures.isEmpty();
    }

    int failureCount() {
        return failures.size();
    }

    static String contentType(SwiftRequest request) {
        String accept = request.headerOrEmpty("accept").toLowerCase(Locale.ROOT);
        String format = request.query().firstOrEmpty("format");
        if (accept.contains("json") || format.equals("json")) {
            return "application/json";
        }
        if (accept.contains("text/xml")) {
            return "text/xml";
        }
        return accept.contains("xml") || format.equals("xml") ? "application/xml" : "text/plain";
    }

    String written(String contentType, String root) {
        return switch (contentType) {
            case "application/json" -> json();
            case "application/xml", "text/xml" -> xml(root);
            default -> text();
        };
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        facts.forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
        out.append("Errors:\n");
        for (Failure failure : failures) {
            out.append(failure.name()).append(", ").append(failure.reason()).append('\n');
        }
        return out.toString();
    }

    private String json() {
        JsonText json = new JsonText().startObject();
        for (Map.Entry<String, Object> fact : facts.entrySet()) {
            if (fact.getValue() instanceof Number number) {
                json.member(fact.getKey(), number.longValue());
            } else {
                json.member(fact.getKey(), fact.getValue().toString());
            }
        }
        json.name("Errors").startList();
        for (Failure failure : failures) {
            json.startList().value(failure.name()).value(failure.reason()).endList();
        }
        return json.endList().endObject().toString();
    }

    private String xml(String root) {
        StringBuilder out = new StringBuilder();
        out.append('<').append(root).append(">\n");
        facts.forEach(
                (name, value) -> {
                    String element = name.toLowerCase(Locale.ROOT).replace(' ', '_');
                    XmlText.element(out, element, value.toString());
                    out.append('\n');
                });
        out.append("<errors>\n");
        for (Failure failure : failures) {
            out.append("<object>");
            XmlText.element(out, "name", failure.name());
            XmlText.element(out, "status", failure.reason());
            out.append("</object>\n");
        }
        return out.append("</errors>\n</").append(root).append(">\n").toString();
    }
}
