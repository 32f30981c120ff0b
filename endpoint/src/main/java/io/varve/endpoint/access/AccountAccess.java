package io.varve.endpoint.access;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who besides its owner may do what with a whole account, as Swift writes it. Each list names users
 * as those of containers do, referrers aside.
 *
 * @param admin may do everything that the owner may
 * @param readWrite may do everything with containers and objects, but sees no secrets
 * @param readOnly may look at everything that is not secret
 */
public record AccountAccess(ElementList admin, ElementList readWrite, ElementList readOnly) {
    /** The setting of an account that keeps them, as {@link #normalized} gives them. */
    public static final String SETTING = "access-control";

    static final AccountAccess NONE =
            new AccountAccess(ElementList.NONE, ElementList.NONE, ElementList.NONE);
    private static final List<String> NAMES = List.of("admin", "read-only", "read-write");
    private static final int FIRST_NOT_ASCII = 0x80;

    /** Of an account with these settings. */
    public static AccountAccess of(Map<String, String> settings) {
        String text = settings.get(SETTING);
        if (text == null) {
            return NONE;
        }
        try {
            JsonNode lists = Json.read(text);
            return new AccountAccess(
                    elements(lists, "admin"),
                    elements(lists, "read-write"),
                    elements(lists, "read-only"));
        } catch (JsonException | AccessListException e) {
            throw new IllegalStateException("an account's access lists are damaged: " + text, e);
        }
    }

    /**
     * What a client wrote, checked: a JSON object, its names in order, in ASCII. Empty when it
     * gives nobody a name at all.
     *
     * @throws AccessListException when it is none
     */
    public static String normalized(String text) throws AccessListException {
        if (text.isEmpty()) {
            return "";
        }
        JsonNode lists = read(text);
        for (String name : (Iterable<String>) lists::fieldNames) {
            if (!NAMES.contains(name)) {
                throw new AccessListException("Key " + quoted(name) + " not recognized");
            }
        }
        StringBuilder out = new StringBuilder();
        for (String name : NAMES) {
            if (lists.has(name)) {
                out.append(out.isEmpty() ? '{' : ',').append(quoted(name)).append(":[");
                String separator = "";
                for (String element : elements(lists, name).elements()) {
                    out.append(separator).append(quoted(element));
                    separator = ",";
                }
                out.append(']');
            }
        }
        return out.isEmpty() ? "" : out.append('}').toString();
    }

    private static JsonNode read(String text) throws AccessListException {
        JsonNode lists;
        try {
            lists = Json.read(text);
        } catch (JsonException e) {
            throw noSyntax(text);
        }
        if (!lists.isObject()) {
            throw noSyntax(text);
        }
        return lists;
    }

    private static AccessListException noSyntax(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        return new AccessListException("Syntax error in input (" + quote + text + quote + ")");
    }

    private static ElementList elements(JsonNode lists, String name) throws AccessListException {
        JsonNode list = lists.get(name);
        if (list == null) {
            return ElementList.NONE;
        }
        if (!list.isArray()) {
            throw new AccessListException("Value for key " + quoted(name) + " must be a list");
        }
        List<String> elements = new ArrayList<>();
        for (JsonNode element : list) {
            if (!element.isTextual()) {
                throw new AccessListException(
                        "Elements of " + quoted(name) + " list must be strings");
            }
            elements.add(element.textValue());
        }
        return new ElementList(elements);
    }

    /** A JSON string in ASCII, so that it can stand in a header. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c >= FIRST_NOT_ASCII) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    public boolean administers(Requester requester) {
        return admin.names(requester);
    }

    public boolean writes(Requester requester) {
        return administers(requester) || readWrite.names(requester);
    }

    public boolean reads(Requester requester) {
        return writes(requester) || readOnly.names(requester);
    }
}
