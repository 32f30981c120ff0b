package io.varve.endpoint.form;

import java.util.Map;

/**
 * What a form says of one field before its content.
 *
 * @param name empty when it has none
 * @param fileName empty for a field that is no file
 * @param headers by lower-case name
 */
public record FormField(String name, String fileName, Map<String, String> headers) {
    public FormField {
        headers = Map.copyOf(headers);
    }

    public boolean isFile() {
        return !fileName.isEmpty();
    }
}
