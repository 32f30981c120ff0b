package io.varve.placement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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

    /** Maps as operators write them. */
    static Stream<KnownMap> plain() {
        return load(1, 16);
    }

    /** Seeded random maps that mix what no operator would. */
    static Stream<KnownMap> odd() {
        return load(101, 124);
    }

    static KnownMap load(String name) {
        return new KnownMap(
                name,
                read(name + ".crush").orElseThrow(),
                read(name + ".weights.txt").orElse(""),
                read(name + ".mappings.gz").orElseThrow().lines().toList());
    }

    private static Stream<KnownMap> load(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj("%04d"::formatted).map(KnownMaps::load);
    }

    private static Optional<String> read(String path) {
        try (InputStream file = KnownMaps.class.getResourceAsStream("maps/" + path)) {
            if (file == null) {
                return Optional.empty();
            }
            try (InputStream in = path.endsWith(".gz") ? new GZIPInputStream(file) : file) {
                return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
