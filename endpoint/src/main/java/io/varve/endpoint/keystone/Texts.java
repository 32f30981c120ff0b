package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Values of documents: read with the error a client expects, written in Keystone's form. */
final class Texts {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Texts() {}

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static String time(long micros) {
        return time(
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1000L));
    }

    /** As clients send it: with or without fraction, with or without a zone (which is UTC). */
    static Instant instant(String name, String text) {
        String iso = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        try {
            return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException _) {
            throw KeystoneRefusal.badRequest(name + " is not a time: " + text);
        }
    }

    static String required(JsonNode object, String name) {
        String value = optional(object, name);
        if (value == null || value.isEmpty()) {
            throw KeystoneRefusal.badRequest("'" + name + "' is a required property");
        }
        return value;
    }

    /** Null when it is not there, or is null. */
    static @Nullable String optional(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw KeystoneRefusal.badRequest("'" + name + "' is not a string");
        }
        return value.textValue();
    }

    static String or(JsonNode object, String name, String absent) {
        String value = optional(object, name);
        return value == null ? absent : value;
    }

    static boolean flag(JsonNode object, String name, boolean absent) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw KeystoneRefusal.badRequest("'" + name + "' is not a boolean");
        }
        return value.booleanValue();
    }
}
