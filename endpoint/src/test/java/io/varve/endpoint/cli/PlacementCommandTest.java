package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.placement.ClusterLayout;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushText;
import io.varve.placement.MappingReport;
import io.varve.placement.Reweights;
import io.varve.placement.Weight;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

final class PlacementCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path folder;
    private CrushMap map;

    @BeforeEach
    void writeMap() throws IOException {
        ClusterLayout layout = new ClusterLayout();
        for (int id = 0; id < 9; id++) {
            CrushDevice device = new CrushDevice(id, "osd." + id, null);
            layout.device(device, Weight.ONE, "host-" + id / 3);
        }
        map = layout.build();
        Files.writeString(folder.resolve("map"), CrushText.write(map));
        Files.writeString(folder.resolve("weights"), "4 0.0\n");
        Files.writeString(folder.resolve("broken"), "device 0 osd.0\nhost h {\n");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xc3, (byte) 0x28});
    }

    @Test
    void testPrintsALinePerInput() {
        assertEquals(0, execute("test", "map", "--rule 0 --num-rep 3 --min-x 5 --max-x 7"));
        StringBuilder expected = new StringBuilder();
        for (int x = 5; x <= 7; x++) {
            int[] devices = map.map(0, x, 3, Reweights.NONE);
            expected.append(MappingReport.line(0, 3, x, devices)).append('\n');
        }
        assertEquals(expected.toString(), out.toString());
    }

    @Test
    void testObeysReweights() {
        String weights = " --weights " + folder.resolve("weights");
        assertEquals(0, execute("test", "map", "--rule 0 --num-rep 3" + weights));
        List<String> lines = out.toString().lines().toList();
        assertEquals(1024, lines.size());
        assertTrue(lines.stream().noneMatch(line -> line.matches(".*[ ,]4(,.*)?")));
    }

    @Test
    void testPrintsJson() {
        assertEquals(0, execute("test", "map", "--rule 0 --num-rep 1 --max-x 0 --json"));
        int device = map.map(0, 0, 1, Reweights.NONE)[0];
        assertEquals(
                "{\"rule\":0,\"replicas\":1,\"mappings\":[{\"x\":0,\"devices\":["
                        + device
                        + "]}]}\n",
                out.toString());
    }

    @Test
    void analyzeShowsUseAndTheUsualChanges() {
        assertEquals(
                0, execute("analyze", "map", "--rule copies_over_hosts --num-rep 2 --max-x 99"));
        String text = out.toString();
        assertTrue(text.startsWith("rule 0, 2 replicas: 200 of 200 places filled"), text);
        assertEquals(9, text.lines().filter(line -> line.contains("  osd.")).count(), text);
        assertEquals(4, text.lines().filter(line -> line.contains("optimum")).count(), text);
    }

    @Test
    void analyzeTriesTheGivenChanges() {
        String changes = " --remove host-1 --add-device host-0=2.5:ssd --add-like host-2 --json";
        assertEquals(0, execute("analyze", "map", "--rule 0 --num-rep 1 --max-x 99" + changes));
        String json = out.toString();
        assertTrue(json.contains("\"change\":\"remove host-1\""), json);
        assertTrue(json.contains("add a device of weight 2.500 class ssd to host-0"), json);
        assertTrue(json.contains("\"change\":\"add a domain like host-2\""), json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "test | none | --rule 0 --num-rep 3 | 1 | none: no such file",
                "test | broken | --rule 0 --num-rep 3 | 1 | broken: line 2: 'host' is neither",
                "test | binary | --rule 0 --num-rep 3 | 1 | is not UTF-8 text",
                "test | map | --rule 7 --num-rep 3 | 2 | the map has no rule 7",
                "test | map | --rule x --num-rep 3 | 2 | the map has no rule x",
                "test | map | --rule 0 --num-rep 0 | 2 | --num-rep must be 1 to 1024",
                "test | map | --rule 0 --num-rep 1 --max-x -1 | 2 | --max-x is below --min-x",
                "test | map | --rule 0 | 2 | --num-rep",
                "analyze | map | --rule 0 --num-rep 3 --remove x | 1 | item x: is not defined",
                "analyze | map | --rule 0 --num-rep 3 --add-device x | 2 | DOMAIN=WEIGHT",
                "analyze | map | --rule 0 --num-rep 3 --add-device x=y | 2 | is not a weight",
            })
    void saysWhatIsWrong(String command, String file, String options, int code, String message) {
        assertEquals(code, execute(command, file, options));
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals("", out.toString());
    }

    private int execute(String command, String file, String options) {
        List<String> args = new ArrayList<>(List.of("placement", command));
        args.addAll(List.of("--map", folder.resolve(file).toString()));
        args.addAll(List.of(options.split(" ", -1)));
        String[] array = args.toArray(String[]::new);
        return VarveMain.commandLine(array)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(array);
    }
}
