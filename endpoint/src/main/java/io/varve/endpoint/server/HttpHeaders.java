package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The header fields of one message, in order, duplicates kept, names compared without regard to
 * case. Immutable.
 *
 * <p>Values are trimmed. On the wire they are UTF-8, both ways; a value received that is not valid
 * UTF-8 is taken as ISO-8859-1, so no byte is lost.
 */
public final class HttpHeaders {
    public static final HttpHeaders EMPTY = new HttpHeaders(List.of());

    private final List<Field> fields;

    private HttpHeaders(List<Field> fields) {
        this.fields = fields;
    }

    /** One line as it was sent: the name in its spelling, and the value. */
    public record Field(String name, String value) {}

    public static HttpHeaders of(List<Field> fields) {
        return fields.isEmpty() ? EMPTY : new HttpHeaders(List.copyOf(fields));
    }

    /** Names and values in turn. */
    public static HttpHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return of(fields);
    }

    /** The value of the first field of this name, or null. */
    public @Nullable String first(String name) {
        // By index: the lists' iterators are most of the cost of the dozens of look-ups a request.
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** The value of the first field of this name, or the given one. */
    public String firstOr(String name, String absent) {
        String value = first(name);
        return value == null ? absent : value;
    }

    /** The values of all fields of this name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    public List<Field> fields() {
        return fields;
    }

    /** Values by lower-case name, both in the order of their first appearance. */
    public Map<String, List<String>> byLowerCaseName() {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Field field : fields) {
            byName.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                    .add(field.value());
        }
        return byName;
    }

    /** Whether a comma-separated list header holds this token, without regard to case. */
    public boolean hasToken(String name, String token) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name) && listHolds(field.value(), token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listHolds(String list, String token) {
        for (String element : list.split(",", -1)) {
            if (element.strip().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    /** Collects fields in order. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Field> fields = new ArrayList<>();

        public Builder add(String name, String value) {
            fields.add(new Field(name, value));
            return this;
        }

        public Builder addAll(Collection<Field> more) {
            fields.addAll(more);
            return this;
        }

        /** Replaces every field of this name. */
        public Builder set(String name, String value) {
            fields.removeIf(field -> field.name().equalsIgnoreCase(name));
            return add(name, value);
        }

        public HttpHeaders build() {
            return HttpHeaders.of(fields);
        }
    }
}
