package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;

class CrushTextTest {
    private static final String SMALL =
            """
            device 0 osd.0 class hdd
            device 1 osd.1
            device 2 osd.2 class ssd
            type 0 osd
            type 1 host
            type 10 root
            host h0 {
              id -2
              alg straw2
              hash 0
              item osd.0 weight 1.000
              item osd.1 weight 2.000
            }
            root default {
              id -1
              alg straw2
              hash 0
              item h0 weight 3.0
              item osd.2 weight 0.5
            }
            rule r0 {
              id 0
              type replicated
              step take default
              step chooseleaf firstn 0 type host
              step emit
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4"})
    void writesWhatCrushtoolWrites(String name) throws IOException {
        assertEquals(
                resource(name + ".decompiled.crush"),
                CrushText.write(CrushText.parse(resource(name + ".crush"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device 1 osd.1 | device x osd.1 | 2: device number must be a number, not 'x'",
                "device 1 osd.1 | device 0 osd.1 | 2: device osd.1: number 0 is taken",
                "device 1 osd.1 | device 1 osd.0 | 2: device osd.0: name is taken",
                "device 1 osd.1 | device 9999999 osd.1 | 2: device number must be 0 to 1048575",
                "type 10 root | type 1 root | 6: type root: number is that of type host",
                "type 10 root | type 10 host | 6: type host: is defined twice",
                "host h0 { | hst h0 { | 7: 'hst' is neither a type nor a keyword",
                "host h0 { | osd h0 { | 7: domain h0: type 0 is for devices",
                "host h0 { | host default { | 14: default is already defined",
                "host h0 { | host osd.1 { | 7: osd.1 is already defined",
                "device 1 osd.1 | device 1 os/d | 2: device os/d: 'os/d' is no name",
                "id -2 | id 2 | 8: id must be -1048576 to -1, not '2'",
                "id -2 | id -1 | id -1 is taken",
                "id -2 | id -2 id -3 | 8: a second id",
                "alg straw2 | alg straw3 | 9: alg is not",
                "hash 0 | hash 1 | 10: hash must be 0 to 0, not '1'",
                "item osd.0 weight 1.000 | item osd.9 | 11: item osd.9 in h0 is not defined",
                "item osd.0 weight 1.000 | item default | default",
                "item osd.0 weight 1.000 | item osd.0 weight -1 | 11: weight must be 0 to 65535",
                "item osd.0 weight 1.000 | item osd.0 weight 1 pos 2 | 11: pos 2 is not below",
                "item h0 weight 3.0 | item default | 18: default contains itself",
                "id 0 | ruleset -1 | 22: rule number must be 0",
                "type replicated | type what | 23: rule type must be a number, not 'what'",
                "step take default | step take nothing | 24: item 'nothing' is not defined",
                "step take default | step take default class x | 21: rule r0: cannot take default",
                "step take default | step take osd.0 class hdd | 21: rule r0: takes a device",
                "firstn 0 type host | firstn 0 type rack | 25: type 'rack' is not defined",
                "firstn 0 type host | firstn 2000 type host | 25: count must be",
                "firstn 0 type host | anyhow 0 type host | 25: expected 'indep', found 'anyhow'",
                "step emit | step choosemsr 0 type host | 26: no such step: choosemsr",
                "step emit | step set_choose_tries -1 | 26: set_choose_tries must be 0",
                "device 0 osd.0 | tunable x 1 device 0 osd.0 | 1: no such tunable: x",
                "device 0 osd.0 | tunable chooseleaf_vary_r 99 device 0 osd.0 | 1: tunable choose",
            })
    void namesTheLineOfAMistake(String original, String mistake, String message) {
        assertTrue(SMALL.contains(original), original);
        String text = SMALL.replaceFirst(Pattern.quote(original), mistake);
        CrushMapException e = assertThrows(CrushMapException.class, () -> CrushText.parse(text));
        assertTrue(e.toString().contains(message), e.toString());
        assertTrue(e.line() > 0, e.getMessage());
    }

    @Test
    void namesTheEndOfATextThatIsCutOff() {
        String text = SMALL.substring(0, SMALL.indexOf("step emit"));
        CrushMapException e = assertThrows(CrushMapException.class, () -> CrushText.parse(text));
        assertTrue(e.toString().contains("found the end of the text"), e.toString());
    }

    @Test
    void weightsGetTheDecimalsTheyNeed() {
        assertTrue(written("1.000", "2.400").contains("weight 1.000\n\titem osd.1 weight 2.400"));
        assertTrue(
                written("1.0", "1.81941").contains("weight 1.00000\n\titem osd.1 weight 1.81940"));
        assertTrue(written("1.0", "2.399994").contains("weight 1.000\n\titem osd.1 weight 2.400"));
        assertTrue(
                written("1.0", "0.00004").contains("weight 1.000\n\titem osd.1 weight 0.000031"));
    }

    private static String written(String first, String second) {
        return CrushText.write(
                CrushText.parse(
                        SMALL.replace("weight 1.000", "weight " + first)
                                .replace("weight 2.000", "weight " + second)));
    }

    @Test
    void absentTunablesHaveTheOldestValues() {
        assertEquals(Tunables.ARGONAUT, CrushText.parse(SMALL).tunables());
    }

    @Test
    void readsNamesBeforeTheirDefinition() {
        int root = SMALL.indexOf("root default");
        int rule = SMALL.indexOf("rule r0");
        int host = SMALL.indexOf("host h0");
        String turned =
                SMALL.substring(0, host)
                        + SMALL.substring(rule)
                        + SMALL.substring(root, rule)
                        + SMALL.substring(host, root);
        assertEquals(CrushText.parse(SMALL), CrushText.parse(turned));
    }

    @Test
    void fillsInIdsWeightsAndPositions() {
        String text =
                SMALL.replace("  id -2\n", "")
                        .replace(" weight 3.0", "")
                        .replace("osd.0 weight 1.000", "osd.0 weight 1.000 pos 1")
                        .replace(" weight 2.000", "");
        CrushMap map = CrushText.parse(text);
        FailureDomain host = map.domain("h0").orElseThrow();
        FailureDomain root = map.domain("default").orElseThrow();
        assertEquals(-2, host.id());
        assertEquals(1, host.items().get(0).id());
        assertEquals(Weight.ONE, host.items().get(0).weight());
        assertEquals(Weight.of(2), root.items().get(0).weight());
    }

    @Test
    void readsTheSpellingsOfOtherVersions() {
        String text =
                SMALL.replace("  id 0\n", "  ruleset 0\n  min_size 1\n  max_size 10\n")
                        .replace("hash 0", "hash rjenkins1 # inline")
                        .replace("type replicated", "type 1");
        CrushMap map = CrushText.parse(text);
        assertEquals(CrushRule.REPLICATED, map.rules().getFirst().type());
        assertEquals(10, map.rules().getFirst().maxSize().orElseThrow());
    }

    @Test
    void anyDamagedTextIsReadOrRefusedButNeverCrashes() {
        String[] words = {"{", "}", "[", "]", "-1", "99999999999999999999", "class", "id", "item"};
        Seeds.each(
                400,
                random -> {
                    String name = "%04d".formatted(101 + random.nextInt(24));
                    String damaged = damage(KnownMaps.load(name).text(), words, random);
                    try {
                        CrushMap map = CrushText.parse(damaged);
                        assertEquals(map, CrushText.parse(CrushText.write(map)));
                        map.rules().forEach(rule -> map.map(rule.id(), 1, 3, Reweights.NONE));
                    } catch (CrushMapException e) {
                        assertTrue(e.line() > 0, e.getMessage());
                    }
                });
    }

    private static String damage(String text, String[] words, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(5)) {
                case 0 -> damaged.setCharAt(at, (char) (' ' + random.nextInt(90)));
                case 1 -> damaged.deleteCharAt(at);
                case 2 -> damaged.insert(at, words[random.nextInt(words.length)]);
                case 3 -> damaged.setLength(Math.max(1, at));
                default -> {
                    int line = damaged.indexOf("\n", at);
                    int end = line < 0 ? -1 : damaged.indexOf("\n", line + 1);
                    if (end > 0) {
                        damaged.insert(random.nextInt(at + 1), damaged.substring(line, end));
                    }
                }
            }
        }
        return damaged.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CrushTextTest.class.getResourceAsStream("text/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
