package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class KnownMappingsTest {
    static Stream<KnownMaps.KnownMap> all() {
        return Stream.concat(KnownMaps.plain(), KnownMaps.odd());
    }

    static Stream<KnownMaps.KnownMap> plain() {
        return KnownMaps.plain();
    }

    @ParameterizedTest
    @MethodSource("all")
    void mapsEveryInputAsCephDoes(KnownMaps.KnownMap known) {
        CrushMap map = CrushText.parse(known.text());
        Reweights reweights = Reweights.parse(known.weights());
        List<String> lines = new ArrayList<>();
        for (String line : known.mappings()) {
            String[] words = line.split(" ", 4);
            int rule = Integer.parseInt(words[0]);
            int replicas = Integer.parseInt(words[1]);
            int x = Integer.parseInt(words[2]);
            lines.add(MappingReport.line(rule, replicas, x, map.map(rule, x, replicas, reweights)));
        }
        assertFalse(lines.isEmpty());
        assertEquals(String.join("\n", known.mappings()), String.join("\n", lines));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void writesTheTextItRead(KnownMaps.KnownMap known) {
        assertEquals(known.text(), CrushText.write(CrushText.parse(known.text())));
    }

    @ParameterizedTest
    @MethodSource("all")
    void readsBackWhatItWrote(KnownMaps.KnownMap known) {
        CrushMap map = CrushText.parse(known.text());
        assertEquals(map, CrushText.parse(CrushText.write(map)));
    }
}
