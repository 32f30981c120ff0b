package io.varve.endpoint.config;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a key's text becomes a value.
 *
 * @param <T> the value
 */
interface ValueType<T> {
    T parse(String text) throws ValueException;

    /** For the reference page, e.g. "size". */
    String description();

    record Parsed<T>(String description, Parser<T> parser) implements ValueType<T> {
        @Override
        public T parse(String text) throws ValueException {
            return parser.parse(text);
        }
    }

    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws ValueException;
    }

    static ValueType<Long> size(long minBytes, long maxBytes) {
        return new Parsed<>("size", text -> inRange(Quantities.bytes(text), minBytes, maxBytes));
    }

    private static long inRange(long bytes, long min, long max) throws ValueException {
        if (bytes < min || bytes > max) {
            throw new ValueException(
                    "must be from %s to %s".formatted(Quantities.text(min), Quantities.text(max)));
        }
        return bytes;
    }

    /** A size, or "auto". */
    static ValueType<OptionalLong> sizeOrAuto(long minBytes, long maxBytes) {
        return new Parsed<>(
                "size or auto",
                text ->
                        text.equals("auto")
                                ? OptionalLong.empty()
                                : OptionalLong.of(
                                        inRange(Quantities.bytes(text), minBytes, maxBytes)));
    }

    static ValueType<Duration> duration(Duration min, Duration max) {
        return new Parsed<>(
                "duration",
                text -> {
                    Duration value = Quantities.duration(text);
                    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        throw new ValueException(
                                "must be from %s to %s"
                                        .formatted(Quantities.text(min), Quantities.text(max)));
                    }
                    return value;
                });
    }

    static ValueType<Integer> integer(int min, int max) {
        return new Parsed<>(
                "number",
                text -> {
                    try {
                        int value = Integer.parseInt(text);
                        if (value >= min && value <= max) {
                            return value;
                        }
                    } catch (NumberFormatException _) {
                        // Said below, together with the range.
                    }
                    throw new ValueException("must be a number from " + min + " to " + max);
                });
    }

    static ValueType<Boolean> bool() {
        return new Parsed<>(
                "true or false",
                text ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new ValueException("must be true or false");
                        });
    }

    static ValueType<String> oneOf(String... choices) {
        String list = String.join(" or ", choices);
        return new Parsed<>(
                list,
                text -> {
                    if (!Set.of(choices).contains(text)) {
                        throw new ValueException("must be " + list);
                    }
                    return text;
                });
    }

    /** What can stand in a header's name. */
    static ValueType<String> name(int maxLength) {
        return new Parsed<>(
                "name",
                text -> {
                    if (text.length() > maxLength || !text.matches("[A-Za-z0-9_-]+")) {
                        throw new ValueException(
                                "must be 1 to %d letters, digits or _-".formatted(maxLength));
                    }
                    return text;
                });
    }

    /** Letters, digits and a few signs. */
    static ValueType<String> word(int minLength, int maxLength) {
        return new Parsed<>(
                "word",
                text -> {
                    boolean good = text.length() >= minLength && text.length() <= maxLength;
                    if (!good || !text.matches("[A-Za-z0-9._/+=-]*")) {
                        throw new ValueException(
                                "must be %d to %d letters, digits or ._/+=-"
                                        .formatted(minLength, maxLength));
                    }
                    return text;
                });
    }

    /** Whatever stands on the line. */
    static ValueType<String> text(int maxLength) {
        return new Parsed<>(
                "text",
                text -> {
                    if (text.isEmpty() || text.length() > maxLength) {
                        throw new ValueException("must be 1 to %d characters".formatted(maxLength));
                    }
                    return text;
                });
    }

    /** Where something speaks HTTP; without a slash at the end. */
    static ValueType<String> httpUrl() {
        return new Parsed<>(
                "URL",
                text -> {
                    if (!text.matches("https?://[A-Za-z0-9._\\[\\]:-]+(/[A-Za-z0-9._~/-]*)?")) {
                        throw new ValueException(
                                "must be a URL such as https://storage.example.org");
                    }
                    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
                });
    }

    static ValueType<Path> path() {
        return new Parsed<>("path", ValueType::parsePath);
    }

    static ValueType<List<Path>> paths() {
        return new Parsed<>(
                "paths, separated by commas",
                text -> {
                    List<Path> paths = new ArrayList<>();
                    for (String element : elements(text)) {
                        paths.add(parsePath(element));
                    }
                    if (Set.copyOf(paths).size() < paths.size()) {
                        throw new ValueException("names a path twice");
                    }
                    return List.copyOf(paths);
                });
    }

    private static Path parsePath(String text) throws ValueException {
        if (text.isEmpty()) {
            throw new ValueException("must be a path");
        }
        try {
            return Path.of(text).normalize();
        } catch (InvalidPathException e) {
            throw new ValueException("is not a path: " + e.getReason());
        }
    }

    static ValueType<List<String>> hostNames() {
        return new Parsed<>(
                "host names, separated by commas",
                text -> {
                    List<String> names = elements(text);
                    for (String name : names) {
                        if (!name.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
                            throw new ValueException("is not a host name: " + name);
                        }
                    }
                    return names;
                });
    }

    /** Names of whatever kind; none is allowed. */
    static ValueType<List<String>> names() {
        return new Parsed<>("names, separated by commas", ValueType::elements);
    }

    private static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            if (!element.isBlank()) {
                elements.add(element.strip());
            }
        }
        return List.copyOf(elements);
    }

    /** HOST:PORT, or "off". The host is not looked up here. */
    static ValueType<Optional<InetSocketAddress>> addressOrOff() {
        return new Parsed<>(
                "HOST:PORT or off",
                text -> text.equals("off") ? Optional.empty() : Optional.of(address(text)));
    }

    static InetSocketAddress address(String text) throws ValueException {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            String host = text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= 65_535) {
                    return InetSocketAddress.createUnresolved(host, port);
                }
            } catch (NumberFormatException _) {
                // Said below.
            }
        }
        throw new ValueException("must be HOST:PORT or off");
    }
}
