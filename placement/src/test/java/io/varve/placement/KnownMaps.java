package io.varve.placement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Maps with the mappings that Ceph's crushtool computes for them. */
final class KnownMaps {
    /** A map as text, the reweights, and lines of the form {@code rule replicas x -> a,b,c}. */
    record KnownMap(String name, String text, String weights, List<String> mappings) {
        @Override
        public String toString() {
            return name;
        }
    }

    private KnownMaps() {}

    static Stream<KnownMap> all() {
        return IntStream.rangeClosed(1, 16).mapToObj("%04d"::formatted).map(KnownMaps::load);
    }

    static KnownMap load(String name) {
        return new KnownMap(
                name,
                read(name + "/map.txt"),
                read(name + "/weights.txt"),
                read(name + "/mappings.txt.gz").lines().toList());
    }

    private static String read(String path) {
        try (InputStream file =
                        Objects.requireNonNull(
                                KnownMaps.class.getResourceAsStream("maps/" + path), path);
                InputStream in = path.endsWith(".gz") ? new GZIPInputStream(file) : file) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
