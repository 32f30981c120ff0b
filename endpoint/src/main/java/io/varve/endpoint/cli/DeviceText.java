package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import java.util.ArrayList;
import java.util.Locale;

/** The server's documents about devices and pools, for people to read. */
final class DeviceText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int UNIT = 1024;

    private DeviceText() {}

    /** A line for each device. */
    static String table(JsonNode devices) {
        var rows = Json.array();
        for (JsonNode device : devices) {
            rows.addObject()
                    .put("id", device.path("id").asText())
                    .put("host", place(device))
                    .put("class", device.path("class").asText())
                    .put("state", device.path("state").asText())
                    .put("in", membership(device))
                    .put("weight", number(device.path("map_weight").asDouble()))
                    .put("reweight", number(device.path("reweight").asDouble()))
                    .put("blobs", device.path("blobs").asText())
                    .put("used", size(device.path("segment_bytes").asLong()))
                    .put("free", size(device.path("writable_bytes").asLong()))
                    .put("full", full(device))
                    .put("reason", device.path("reason").asText());
        }
        return IdentityText.table(
                rows,
                "id",
                "host",
                "class",
                "state",
                "in",
                "weight",
                "reweight",
                "blobs",
                "used",
                "free",
                "full",
                "reason");
    }

    /** How much is taken, and the threshold that it is above. */
    private static String full(JsonNode device) {
        double percent = 100 * device.path("used_share").asDouble();
        String fullness = device.path("fullness").asText();
        String above = fullness.equals("roomy") ? "" : " " + fullness;
        return String.format(Locale.ROOT, "%.0f %%%s", percent, above);
    }

    /** From the widest failure domain to the narrowest. */
    private static String place(JsonNode device) {
        StringBuilder place = new StringBuilder();
        for (String domain : new String[] {"site", "rack", "host"}) {
            String name = device.path(domain).asText();
            if (!name.isEmpty()) {
                place.append(place.isEmpty() ? "" : "/").append(name);
            }
        }
        return place.toString();
    }

    private static String membership(JsonNode device) {
        String membership = device.path("membership").asText();
        boolean empty = device.path("blobs").asLong() == 0;
        boolean placed = device.path("in_map").asBoolean();
        if (membership.equals("draining") && empty) {
            return "drained";
        }
        return membership + (placed ? "" : " (not in the map)");
    }

    /** A line for each member of one device. */
    static String details(JsonNode device) {
        var names = new ArrayList<String>();
        device.fieldNames().forEachRemaining(names::add);
        return IdentityText.table(device, names.toArray(String[]::new));
    }

    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.endsWith(".000") ? text.substring(0, text.length() - 4) : text;
    }

    /** The documents, and for each figure that ends in "_bytes" one for people, without that. */
    static JsonNode sizes(JsonNode documents, String... figures) {
        JsonNode copy = documents.deepCopy();
        for (JsonNode each : copy) {
            for (String figure : figures) {
                String name = figure.substring(0, figure.length() - "_bytes".length());
                ((ObjectNode) each).put(name, size(each.path(figure).asLong()));
            }
        }
        return copy;
    }

    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit < UNITS.length - 1) {
            value /= UNIT;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** What a change of the map moves, a line for each pool. */
    static String movement(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode pool : answer.path("pools")) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "pool %s: %.2f %% of the copies move, optimum %.2f %%, ratio %s%n",
                            pool.path("pool").asText(),
                            100 * pool.path("moved_share").asDouble(),
                            100 * pool.path("optimum_share").asDouble(),
                            ratio(pool.path("ratio").asDouble())));
            long undersized = pool.path("undersized_groups").asLong();
            if (undersized > 0) {
                text.append("  for ")
                        .append(undersized)
                        .append(" of ")
                        .append(pool.path("placement_groups").asText())
                        .append(" placement groups there are too few devices\n");
            }
        }
        answer.path("notes").forEach(note -> text.append(note.asText()).append('\n'));
        return text.toString();
    }

    private static String ratio(double ratio) {
        return ratio < 0 ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
    }
}
