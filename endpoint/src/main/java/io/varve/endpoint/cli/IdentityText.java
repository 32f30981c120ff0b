package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Documents of the identity service for people to read. */
final class IdentityText {
    private IdentityText() {}

    /** A list has a line for each thing; one thing has a line for each member. */
    static String table(JsonNode things, String... members) {
        List<List<String>> rows = new ArrayList<>();
        if (things.isArray()) {
            rows.add(heads(members));
            things.forEach(thing -> rows.add(row(thing, members)));
        } else {
            for (String member : members) {
                rows.add(List.of(member, text(things, member)));
            }
        }
        return aligned(rows);
    }

    private static List<String> heads(String... members) {
        List<String> heads = new ArrayList<>();
        for (String member : members) {
            heads.add(member.toUpperCase(Locale.ROOT));
        }
        return heads;
    }

    private static List<String> row(JsonNode thing, String... members) {
        List<String> row = new ArrayList<>();
        for (String member : members) {
            row.add(text(thing, member));
        }
        return row;
    }

    /** Names may hold whatever a terminal would take for a command. */
    private static String text(JsonNode thing, String member) {
        JsonNode value = thing.path(member);
        String text = value.isArray() ? listed(value) : value.asText("");
        return text.isEmpty() ? "-" : text.replaceAll("\\p{Cntrl}", "?");
    }

    private static String listed(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return String.join(",", texts);
    }

    private static String aligned(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
