package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

class PlacementReportTest {
    private static final Inputs MANY = new Inputs(0, 9_999);

    private final CrushMap small = RandomMaps.cluster(new Random(21), 3, true);

    @Test
    void straw2FillsDevicesByWeight() {
        Seeds.each(
                3,
                random -> {
                    CrushMap map = RandomMaps.cluster(random, 8, false);
                    Utilisation use = Utilisation.of(map, 0, 1, Reweights.NONE, MANY);
                    assertEquals(10_000, use.filled());
                    double shares =
                            use.devices().stream()
                                    .mapToDouble(Utilisation.DeviceUse::expectedShare)
                                    .sum();
                    assertEquals(1.0, shares, 1e-9);
                    for (Utilisation.DeviceUse device : use.devices()) {
                        double expected = device.expectedShare() * use.filled();
                        double deviation = device.actual() - expected;
                        assertTrue(Math.abs(deviation) < 5 * Math.sqrt(expected), device.name());
                    }
                });
    }

    @Test
    void changesAtTheTopMoveOneCopyAtTheOptimum() {
        Seeds.each(
                3,
                random -> {
                    CrushMap map = hostsUnderTheRoot(random);
                    for (String host : List.of("host-0", "host-4")) {
                        checkNear(1.0, 0.1, movement(map, new MapChange.Remove(host), 1));
                        checkNear(1.0, 0.1, movement(map, new MapChange.AddLike(host), 1));
                    }
                });
    }

    /** Each level above the change may move the same share once more: the paper's bound. */
    @Test
    void changesBelowMoveNoMoreThanTheOptimumPerLevel() {
        Seeds.each(
                3,
                random -> {
                    CrushMap map = hostsUnderTheRoot(random);
                    for (MapChange change : MapChange.typical(map, 0, 1, Reweights.NONE)) {
                        MovementAnalysis moved = movement(map, change, 1);
                        assertTrue(moved.ratio() > 0.9 && moved.ratio() < 2.1, moved.toText());
                    }
                });
    }

    @Test
    void threeCopiesMoveWithinThriceTheOptimum() {
        Seeds.each(
                3,
                random -> {
                    CrushMap map = RandomMaps.cluster(random, 12, true);
                    for (MapChange change : MapChange.typical(map, 0, 3, Reweights.NONE)) {
                        MovementAnalysis moved = movement(map, change, 3);
                        assertTrue(moved.ratio() > 0.9 && moved.ratio() < 3, moved.toText());
                    }
                });
    }

    @Test
    void removingFromAListMovesMoreThanFromStraw2() {
        CrushMap straw2 = RandomMaps.cluster(new Random(3), 8, false);
        CrushMap list = RandomMaps.withKind(straw2, SelectionKind.LIST);
        MapChange change = new MapChange.Remove("host-1");
        assertTrue(movement(list, change, 1).ratio() > movement(straw2, change, 1).ratio());
    }

    @Test
    void expectationFollowsEveryTakeOfARule() {
        CrushMap map = CrushText.parse(KnownMaps.load("0003").text());
        Utilisation use = Utilisation.of(map, 3, 3, Reweights.NONE, MANY);
        double nvme =
                use.devices().stream()
                        .filter(device -> "nvme".equals(device.deviceClass()))
                        .mapToDouble(Utilisation.DeviceUse::expectedShare)
                        .sum();
        double nvmeByWeight = (2.0 + 7.655 + 1.0 + 2.0) / 38.876;
        assertEquals(1 / 3.0 + 2 / 3.0 * nvmeByWeight, nvme, 0.001);
    }

    @Test
    void countsWhatCouldNotBePlaced() {
        Utilisation use = Utilisation.of(small, 0, 5, Reweights.NONE, new Inputs(0, 99));
        assertEquals(500, use.places());
        assertEquals(300, use.filled());
        assertEquals(100, use.incomplete());
    }

    @Test
    void writesTextAndJson() {
        PlacementReport report =
                PlacementReport.of(
                        small,
                        0,
                        2,
                        Reweights.NONE,
                        new Inputs(0, 99),
                        List.of(new MapChange.Remove("host-0")));
        String text = report.toText();
        assertTrue(text.startsWith("rule 0, 2 replicas: 200 of 200 places filled, 0 sets inc"));
        assertTrue(text.contains("\nremove host-0: "), text);
        String json = report.toJson();
        assertTrue(json.startsWith("{\"rule\":0,\"replicas\":2,\"utilisation\":{\"places\":200,"));
        assertTrue(json.contains("\"movements\":[{\"change\":\"remove host-0\",\"replicas\":"));
        assertEquals(count(json, '{'), count(json, '}'));
        assertEquals(count(json, '['), count(json, ']'));
    }

    @Test
    void mappingsAreWrittenAsLinesAndAsJson() {
        MappingReport report =
                new MappingReport(
                        RandomMaps.with(small, ClusterLayout.fragments(1, "f", -1, null, 1)),
                        Reweights.NONE,
                        1,
                        4,
                        new Inputs(-1, 0));
        StringBuilder text = new StringBuilder();
        report.writeText(text);
        List<String> lines = text.toString().lines().toList();
        assertTrue(lines.get(0).matches("1 4 -1 -> (\\d+,){3}\\d+"), text.toString());
        assertTrue(text.toString().contains("2147483647"));
        StringBuilder json = new StringBuilder();
        report.writeJson(json);
        assertTrue(
                json.toString().startsWith("{\"rule\":1,\"replicas\":4,\"mappings\":[{\"x\":-1"));
        assertTrue(json.toString().contains("null"));
    }

    private static void checkNear(double ratio, double tolerance, MovementAnalysis moved) {
        assertEquals(ratio, moved.ratio(), tolerance, moved.toText());
    }

    private static CrushMap hostsUnderTheRoot(Random random) {
        ClusterLayout layout = new ClusterLayout();
        for (int id = 0; id < 30; id++) {
            Weight weight = Weight.of(1 + random.nextInt(4));
            layout.device(new CrushDevice(id, "osd." + id, null), weight, "host-" + id % 10);
        }
        return layout.build();
    }

    private static MovementAnalysis movement(CrushMap map, MapChange change, int replicas) {
        return MovementAnalysis.of(
                change.description(), map, change.applyTo(map), 0, replicas, Reweights.NONE, MANY);
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }
}
