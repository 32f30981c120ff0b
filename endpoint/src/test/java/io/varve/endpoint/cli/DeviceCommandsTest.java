package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.serve.VarveServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code varve device}, {@code placement} and {@code pool} against a running server. */
final class DeviceCommandsTest {
    @TempDir private Path directory;

    private VarveServer server;
    private Path configuration;

    @BeforeEach
    void start() throws IOException {
        configuration = directory.resolve("varve.conf");
        Files.writeString(
                configuration,
                """
                data.directory = %s
                http.address = 127.0.0.1:0
                https.address = off
                devices.segmentSize = 1 MiB
                store.blobSize = 128 KiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                """
                        .formatted(directory.resolve("data")));
        open();
    }

    private void open() {
        server = VarveServer.start(VarveConfig.load(configuration, Map.of()), Map.of(), null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun varve(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", configuration.toString(), "--url", url()));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private String done(String... words) {
        CommandRun run = varve(words);
        assertEquals(0, run.exitCode(), run::output);
        return run.output();
    }

    private String refused(String... words) {
        CommandRun run = varve(words);
        assertEquals(1, run.exitCode(), run::output);
        return run.output();
    }

    private JsonNode json(String... words) throws JsonException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.add("--json");
        return Json.read(done(arguments.toArray(String[]::new)));
    }

    private JsonNode device(int id) throws JsonException {
        return json("device", "status", String.valueOf(id)).path("device");
    }

    @Test
    void showsWhatTheSiteWasFoundedWith() throws JsonException {
        JsonNode devices = json("device", "ls").path("devices");
        assertEquals(9, devices.size());
        for (JsonNode device : devices) {
            assertEquals("up", device.path("state").asText(), device::toString);
            assertEquals("in", device.path("membership").asText());
            assertEquals(1, device.path("map_weight").asDouble());
            assertFalse(device.path("uuid").asText().isEmpty(), device::toString);
        }
        assertTrue(done("device", "ls").contains("host2"));
        String status = done("device", "status");
        assertTrue(status.startsWith("ready\ndevices: 9, 9 up, 9 in, 0 out"), status);
        assertTrue(status.contains("pool default (3 copies, rule copies_over_hosts)"), status);
        assertTrue(done("pool", "ls").contains("default"));
        assertTrue(done("placement", "show").contains("host host0, weight 3: device.0"));
    }

    @Test
    void takesADeviceOutAndInAcrossARestart() throws JsonException {
        done("device", "out", "4", "--reason", "noisy");
        assertEquals("out", device(4).path("membership").asText());
        server.close();
        open();
        assertEquals("out", device(4).path("membership").asText());
        assertEquals("up", device(4).path("state").asText());
        assertEquals(1, device(4).path("map_weight").asDouble(), "it is to come back");
        done("device", "in", "4");
        assertEquals("in", device(4).path("membership").asText());
    }

    @Test
    void addsDrainsAndRemovesADevice() throws JsonException {
        String added = directory.resolve("extra").toString();
        JsonNode device = json("device", "add", added, "--host", "host9", "--rack", "r1");
        assertEquals(9, device.at("/device/id").asInt());
        assertEquals("up", device.at("/device/state").asText());
        assertEquals(1, device(9).path("map_weight").asDouble());
        assertTrue(done("placement", "show").contains("rack r1, weight 1: host9"));
        assertTrue(refused("device", "add", added, "--host", "h").contains("is device 9's"));
        assertTrue(refused("device", "rm", "9").contains("drain it"));

        server.close();
        open();
        assertEquals("up", device(9).path("state").asText());

        done("device", "drain", "9");
        assertEquals(0, device(9).path("map_weight").asDouble());
        assertTrue(done("device", "ls").contains("drained"));
        done("device", "rm", "9");
        assertEquals(9, json("device", "ls").path("devices").size());
        assertTrue(refused("device", "out", "9").contains("There is no device 9"));
        assertFalse(done("placement", "export").contains("device.9"));
    }

    @Test
    void leavesNothingOfADeviceThatCannotBeOpened() throws IOException, JsonException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        String reason = refused("device", "add", file.toString(), "--host", "host9");
        assertTrue(reason.contains("cannot be added"), reason);
        assertEquals(9, json("device", "ls").path("devices").size());
        assertFalse(done("placement", "show").contains("host9"));
    }

    @Test
    void replacesADevice() throws JsonException {
        assertTrue(refused("device", "replace", "2").contains("is up"));
        String before = device(2).path("uuid").asText();
        String other = directory.resolve("other").toString();
        done("device", "replace", "2", "--directory", other, "--force");
        JsonNode after = device(2);
        assertEquals(other, after.path("directory").asText());
        assertEquals("up", after.path("state").asText());
        assertFalse(after.path("uuid").asText().equals(before));
    }

    private Path move(String from, String to) throws IOException {
        return Files.move(directory.resolve(from), directory.resolve(to));
    }

    @Test
    void replacesADiskThatIsGone() throws IOException, JsonException {
        String before = device(3).path("uuid").asText();
        server.close();
        move("data/devices/host1/hdd", "away");
        open();
        assertEquals("down", device(3).path("state").asText());
        assertFalse(device(3).path("reason").asText().isEmpty());
        assertEquals("in", device(3).path("membership").asText(), "not before the interval");
        assertTrue(done("device", "status").contains("9, 8 up, 9 in"));
        done("device", "replace", "3");
        assertEquals("up", device(3).path("state").asText());
        assertFalse(device(3).path("uuid").asText().equals(before));
    }

    @Test
    void opensADiskAgainThatIsBack() throws IOException, JsonException {
        String before = device(3).path("uuid").asText();
        server.close();
        move("data/devices/host1/hdd", "away");
        open();
        assertEquals("down", device(3).path("state").asText());
        move("away", "data/devices/host1/hdd");
        done("device", "in", "3");
        assertEquals("up", device(3).path("state").asText());
        assertEquals(before, device(3).path("uuid").asText());
    }

    @Test
    void reweighsInTheMapOrForAWhile() throws JsonException {
        done("device", "reweight", "1", "--weight", "2.5");
        assertEquals(2.5, device(1).path("map_weight").asDouble());
        done("device", "reweight", "1", "--reweight", "0.5");
        assertEquals(0.5, device(1).path("reweight").asDouble());
        assertEquals(2, varve("device", "reweight", "1").exitCode());
        assertTrue(refused("device", "reweight", "1", "--reweight", "2").contains("from 0 to 1"));
    }

    @Test
    void importsWhatItExports() throws IOException, JsonException {
        Path file = directory.resolve("map.txt");
        long epoch = json("placement", "export", file.toString()).path("map_epoch").asLong();
        String heavier =
                Files.readString(file)
                        .replace("item device.0 weight 1.000", "item device.0 weight 2.000");
        Files.writeString(file, heavier);
        String dry = done("placement", "import", file.toString(), "--dry-run");
        assertTrue(dry.contains("of the copies move"), dry);
        assertEquals(1, device(0).path("map_weight").asDouble());
        done("placement", "import", file.toString(), "--epoch", String.valueOf(epoch));
        assertEquals(2, device(0).path("map_weight").asDouble());
        String late = refused("placement", "import", file.toString(), "--epoch", "1");
        assertTrue(late.contains("meanwhile"), late);

        Files.writeString(
                file,
                heavier.replace("device 3 device.3 class hdd\n", "")
                        .replaceAll("(?m)^\\s*item device\\.3 .*\\n", ""));
        assertTrue(refused("placement", "import", file.toString()).contains("Device 3 is not in"));
        Files.writeString(file, "nonsense");
        assertTrue(refused("placement", "import", file.toString()).contains("line 1"));
    }

    @Test
    void givesAPoolAnotherRule() throws JsonException {
        String dry = done("placement", "set-rule", "default", "copies_over_devices", "--dry-run");
        assertTrue(dry.contains("pool default"), dry);
        done("placement", "set-rule", "default", "copies_over_devices");
        JsonNode pool = json("pool", "ls").path("pools").get(0);
        assertEquals("copies_over_devices", pool.path("rule").asText());
        assertTrue(refused("placement", "set-rule", "default", "none").contains("no rule none"));
    }

    @Test
    void addsPools() throws JsonException {
        done("pool", "add", "gold", "--scheme", "2", "--class", "ssd", "--compression", "zstd");
        assertTrue(
                refused("pool", "add", "x", "--scheme", "2", "--compression", "rar")
                        .contains("neither zstd nor none"));
        String few = refused("pool", "add", "wide", "--scheme", "4+2");
        assertTrue(few.contains("fewer than 6 devices"), few);
        done("pool", "add", "wide", "--scheme", "4+2", "--over-devices");
        JsonNode pools = json("pool", "ls").path("pools");
        assertEquals(3, pools.size());
        assertEquals("2 copies", pools.get(1).path("scheme").asText());
        assertEquals("ssd", pools.get(1).path("class").asText());
        assertEquals("zstd", pools.get(1).path("compression").asText());
        assertEquals("", pools.get(2).path("compression").asText());
        done("pool", "set", "wide", "--compression", "zstd");
        done("pool", "set", "gold", "--compression", "none");
        JsonNode set = json("pool", "ls").path("pools");
        assertEquals("", set.get(1).path("compression").asText());
        assertEquals("zstd", set.get(2).path("compression").asText());
        assertTrue(refused("pool", "set", "gold", "--compression", "rar").contains("zstd"));
        assertEquals("4+2", pools.get(2).path("scheme").asText());
        assertEquals(5, pools.get(2).path("min_copies").asInt());
        assertTrue(done("placement", "show").contains("pool_gold"));
        assertTrue(refused("pool", "add", "gold", "--scheme", "3").contains("already"));
        assertTrue(refused("pool", "add", "x", "--scheme", "many").contains("many"));
        server.close();
        open();
        assertEquals(3, json("pool", "ls").path("pools").size());
    }

    private JsonNode pool(int index) throws JsonException {
        return json("pool", "ls").path("pools").get(index);
    }

    @Test
    void changesWhatOfAPoolCanChange() throws JsonException {
        done("pool", "add", "gold", "--scheme", "2", "--over-devices");
        done("pool", "set", "gold", "--scheme", "3", "--min", "2");
        assertEquals("3 copies", pool(1).path("scheme").asText());
        assertEquals(2, pool(1).path("min_copies").asInt());
        assertTrue(refused("pool", "set", "gold", "--min", "4").contains("min"));
        assertTrue(refused("pool", "set", "gold", "--scheme", "4+2").contains("cut that way"));
        assertTrue(refused("pool", "set", "gold", "--scheme", "12").contains("fewer than 12"));
        assertTrue(refused("pool", "set", "gold", "--small-objects", "9").contains("any size"));
        done("pool", "set", "gold", "--other-names", "STANDARD_IA,GLACIER");
        done("pool", "set", "gold", "--name", "silver");
        assertEquals("silver", pool(1).path("name").asText());
        assertEquals(
                "[\"STANDARD_IA\",\"GLACIER\",\"gold\"]", pool(1).path("other_names").toString());
        assertTrue(refused("pool", "add", "GLACIER", "--scheme", "2").contains("already"));
        assertTrue(refused("pool", "set", "default", "--name", "gold").contains("taken"));
        String dry = done("pool", "set", "silver", "--rule", "copies_over_hosts", "--dry-run");
        assertTrue(dry.contains("of the copies move"), dry);
        assertEquals("pool_gold", pool(1).path("rule").asText());
        done("pool", "set", "silver", "--rule", "copies_over_hosts", "--closed");
        assertEquals("copies_over_hosts", pool(1).path("rule").asText());
        assertTrue(pool(1).path("closed").asBoolean());
        done("pool", "set", "silver", "--open");
        assertFalse(pool(1).path("closed").asBoolean());
        assertTrue(refused("pool", "set", "default", "--closed").contains("default pool"));
        assertEquals(2, varve("pool", "set", "silver").exitCode(), "nothing is to change");

        done("pool", "add", "wide", "--scheme", "4+2", "--over-devices");
        assertEquals(64 << 10, pool(2).path("small_bytes").asInt());
        done("pool", "set", "wide", "--small-objects", "4096", "--min", "6");
        assertTrue(refused("pool", "set", "wide", "--scheme", "5+2").contains("cut that way"));
        server.close();
        open();
        assertEquals(4096, pool(2).path("small_bytes").asInt());
        assertEquals(6, pool(2).path("min_copies").asInt());
        assertEquals("silver", pool(1).path("name").asText());
    }

    @Test
    void removesAPoolWithNothingInIt() throws JsonException {
        assertTrue(refused("pool", "rm", "default").contains("default pool"));
        assertTrue(refused("pool", "rm", "gold").contains("no pool gold"));
        done("pool", "add", "gold", "--scheme", "2", "--class", "ssd");
        assertTrue(done("placement", "show").contains("pool_gold"));
        JsonNode gone = json("pool", "rm", "gold");
        assertEquals(1, gone.path("id").asInt());
        assertEquals(1, json("pool", "ls").path("pools").size());
        assertFalse(done("placement", "show").contains("pool_gold"), "another may want another");
        done("pool", "add", "gold", "--scheme", "3");
        assertEquals(2, pool(1).path("id").asInt(), "a number is not used again");
        server.close();
        open();
        assertEquals(2, json("pool", "ls").path("pools").size());
    }

    @Test
    void auditsWhenAskedAndShowsTheHealthOfEachPool() throws JsonException {
        done("pool", "add", "gold", "--scheme", "2");
        JsonNode before = json("device", "audit");
        assertFalse(before.at("/pools/0").has("ended"), before::toString);
        JsonNode pools = json("device", "audit", "--run").path("pools");
        assertEquals(2, pools.size());
        for (JsonNode pool : pools) {
            assertTrue(pool.path("clean").asBoolean(), pool::toString);
            assertEquals(0, pool.path("lost").size());
        }
        assertTrue(done("device", "audit").contains("pool gold: clean, as of "));
        JsonNode status = json("device", "status").path("pools");
        for (JsonNode pool : status) {
            assertTrue(pool.at("/health/whole").asBoolean(), pool::toString);
            assertTrue(pool.at("/audit/clean").asBoolean(), pool::toString);
        }
        assertTrue(done("device", "status").contains("  audit_clean: true"));
    }

    @Test
    void letsOnlyAdministratorsIn() throws Exception {
        assertEquals(401, status("GET", "/varve/v1/devices", ""));
        assertEquals(401, status("GET", "/varve/v1/devices", "made-up"));
        JsonNode made = json("user", "add", "alice", "--project", "admin");
        String alice = token("alice", made.path("password").asText());
        assertEquals(403, status("GET", "/varve/v1/devices", alice));
        assertEquals(403, status("POST", "/varve/v1/devices/1/out", alice));
        assertEquals("in", device(1).path("membership").asText());
        done("user", "role", "add", "alice", "admin", "admin");
        alice = token("alice", made.path("password").asText());
        assertEquals(200, status("GET", "/varve/v1/devices", alice));
        assertEquals(404, status("GET", "/varve/v1/nothing", alice));
        assertEquals(404, status("GET", "/varve/v1/devices/77", alice));
        assertEquals(405, status("PATCH", "/varve/v1/devices/1", alice));
        assertEquals(405, status("POST", "/varve/v1/status", alice));
        assertEquals(405, status("PUT", "/varve/v1/audit", alice));
        assertEquals(400, status("POST", "/varve/v1/devices", alice), "no host");
    }

    private String url() {
        return "http://localhost:" + server.address("http").orElseThrow().getPort();
    }

    private int status(String method, String path, String token) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private String token(String user, String password) throws Exception {
        String login =
                """
                {"auth": {"identity": {"methods": ["password"], "password": {"user":
                  {"name": "%s", "domain": {"id": "default"}, "password": "%s"}}},
                  "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}}
                """
                        .formatted(user, password);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/v3/auth/tokens"))
                        .POST(HttpRequest.BodyPublishers.ofString(login))
                        .header("Content-Type", "application/json")
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("X-Subject-Token")
                    .orElseThrow();
        }
    }
}
