package io.varve.endpoint.form;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A header value with parameters: {@code form-data; name="file"; filename="a.txt"}. Quoted values
 * are taken as they stand: browsers escape a quote as {@code %22}, not by a backslash.
 *
 * @param value in lower case
 * @param parameters by lower-case name
 */
public record Disposition(String value, Map<String, String> parameters) {
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*([\\w*-]+)=(\"[^\"]*\"|[^\";]+)\\s*(;|$)");

    public Disposition {
        parameters = Map.copyOf(parameters);
    }

    public static Disposition parse(String header) {
        int semicolon = header.indexOf(';');
        String value = semicolon < 0 ? header : header.substring(0, semicolon);
        Map<String, String> parameters = new HashMap<>();
        if (semicolon >= 0) {
            Matcher matcher = PARAMETER.matcher(header).region(semicolon + 1, header.length());
            while (matcher.lookingAt()) {
                String text = matcher.group(2).strip();
                boolean quoted = text.startsWith("\"");
                parameters.put(
                        matcher.group(1).toLowerCase(Locale.ROOT),
                        quoted ? text.substring(1, text.length() - 1) : text);
                matcher.region(matcher.end(), header.length());
            }
        }
        return new Disposition(value.strip().toLowerCase(Locale.ROOT), parameters);
    }

    /** The parameter, or nothing. */
    public String parameter(String lowerCaseName) {
        return parameters.getOrDefault(lowerCaseName, "");
    }
}
