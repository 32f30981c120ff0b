package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.placement.Weight;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The members of a request's document, each of the kind it has to be. */
final class AdminDocument {
    private final ObjectNode object;

    AdminDocument(ObjectNode object) {
        this.object = object;
    }

    /** A misspelt member must not be taken for one that is not there. */
    void requireOnly(String... names) {
        Set<String> known = Set.of(names);
        for (Iterator<String> given = object.fieldNames(); given.hasNext(); ) {
            String name = given.next();
            if (!known.contains(name)) {
                throw AdminRefusal.badRequest("Unknown member: " + name);
            }
        }
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    String text(String name) {
        String value = text(name, "");
        if (value.isEmpty()) {
            throw AdminRefusal.badRequest(name + " is missing");
        }
        return value;
    }

    String text(String name, String absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isTextual()) {
            throw AdminRefusal.badRequest(name + " is not a string");
        }
        return value.textValue();
    }

    List<String> texts(String name) {
        JsonNode value = find(name);
        List<String> texts = new ArrayList<>();
        if (value == null || !value.isArray()) {
            throw AdminRefusal.badRequest(name + " is not a list of strings");
        }
        for (JsonNode each : value) {
            if (!each.isTextual()) {
                throw AdminRefusal.badRequest(name + " is not a list of strings");
            }
            texts.add(each.textValue());
        }
        return texts;
    }

    boolean flag(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw AdminRefusal.badRequest(name + " is not true or false");
        }
        return value.booleanValue();
    }

    long number(String name, long absent, long max) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.canConvertToExactIntegral()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > max) {
            throw AdminRefusal.badRequest(name + " is not a whole number from 0 to " + max);
        }
        return value.longValue();
    }

    Weight weight(String name, Weight absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        try {
            return Weight.of(value.isNumber() ? value.doubleValue() : -1);
        } catch (IllegalArgumentException _) {
            throw AdminRefusal.badRequest(name + " is not a number from 0 to 65535");
        }
    }

    /** A share from 0 to 1, in 1/65536. */
    int share(String name) {
        JsonNode value = find(name);
        double share = value != null && value.isNumber() ? value.doubleValue() : -1;
        if (!(share >= 0 && share <= 1)) {
            throw AdminRefusal.badRequest(name + " is not a number from 0 to 1");
        }
        return (int) Math.round(share * 0x10000);
    }

    private @Nullable JsonNode find(String name) {
        return object.hasNonNull(name) ? object.get(name) : null;
    }
}
