package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.serve.VarveServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code varve user}, {@code project} and {@code credential} against one running server. */
final class IdentityCommandsTest {
    @TempDir static Path directory;

    private static VarveServer server;
    private static Path configuration;

    @BeforeAll
    static void start() throws IOException {
        configuration = directory.resolve("varve.conf");
        Files.writeString(
                configuration,
                """
                data.directory = %s
                http.address = 127.0.0.1:0
                https.address = 127.0.0.1:0
                devices.segmentSize = 1 MiB
                store.blobSize = 128 KiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                """
                        .formatted(directory.resolve("data")));
        server = VarveServer.start(VarveConfig.load(configuration, Map.of()), Map.of(), null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String url(String scheme) {
        return "%s://localhost:%d"
                .formatted(scheme, server.address(scheme).orElseThrow().getPort());
    }

    private static CommandRun varve(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", configuration.toString(), "--url", url("http")));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static String done(String... words) {
        CommandRun run = varve(words);
        assertEquals(0, run.exitCode(), run::output);
        return run.output();
    }

    private static JsonNode json(String... words) throws JsonException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.add("--json");
        return Json.read(done(arguments.toArray(String[]::new)));
    }

    private static void fails(String message, String... words) {
        CommandRun run = varve(words);
        assertEquals(CommandFailure.FAILED, run.exitCode(), run::output);
        assertTrue(run.output().contains(message), run::output);
        assertFalse(run.output().contains("Exception"), run::output);
    }

    @Test
    void makesAUserWithAProjectAndKeysForIt() throws Exception {
        JsonNode blue = json("project", "add", "blue", "--description", "a project");
        JsonNode alice = json("user", "add", "alice", "--project", "blue");
        assertEquals(blue.path("id").asText(), alice.path("default_project_id").asText());
        assertTrue(alice.path("password").asText().length() > 20, alice::toString);
        assertTrue(done("user", "role", "ls", "alice").contains("member  blue\n"));
        JsonNode made = json("credential", "create", "alice", "blue");
        assertEquals(blue.path("id"), made.path("tenant_id"));
        String access = made.path("access").asText();
        assertTrue(done("credential", "ls", "alice").contains(access));
        assertFalse(done("credential", "ls", "alice").contains(made.path("secret").asText()));
        assertEquals("", done("credential", "rm", "alice", access));
        assertFalse(done("credential", "ls", "alice").contains(access));
        fails("credential", "credential", "rm", "alice", access);
    }

    @Test
    void givesAndTakesRoles() {
        done("project", "add", "green");
        done("user", "add", "bob");
        assertEquals("", done("user", "role", "add", "bob", "reader", "green"));
        assertEquals("ROLE    PROJECT\nreader  green\n", done("user", "role", "ls", "bob"));
        assertEquals("", done("user", "role", "rm", "bob", "reader", "green"));
        assertEquals("ROLE  PROJECT\n", done("user", "role", "ls", "bob"));
        fails("there is no role writer", "user", "role", "add", "bob", "writer", "green");
        fails("there is no project none", "user", "role", "add", "bob", "reader", "none");
        fails("there is no user none", "user", "role", "add", "none", "reader", "green");
    }

    @Test
    void showsDisablesAndRemovesUsersAndProjects() throws Exception {
        done("project", "add", "red");
        String made = done("user", "add", "carol", "--email", "carol@example.org");
        assertTrue(made.contains("(not shown again)"), made);
        assertTrue(done("user", "ls").contains("carol"));
        assertTrue(done("project", "ls").contains("red"));
        for (String kind : List.of("user", "project")) {
            String name = kind.equals("user") ? "carol" : "red";
            String id = json(kind, "show", name).path("id").asText();
            assertEquals(name, json(kind, "show", id).path("name").asText());
            done(kind, "disable", name);
            assertFalse(json(kind, "show", name).path("enabled").asBoolean());
            done(kind, "enable", name);
            assertTrue(json(kind, "show", name).path("enabled").asBoolean());
            done(kind, "rm", name);
            fails("there is no " + kind + " " + name, kind, "show", name);
        }
    }

    @Test
    void setsThePasswordThatIsGivenOnStandardInput() {
        done("project", "add", "yellow");
        done("user", "add", "dave", "--project", "yellow");
        assertFalse(letsIn("dave", "dave's password"));
        InputStream before = System.in;
        System.setIn(
                new ByteArrayInputStream("dave's password\n".getBytes(StandardCharsets.UTF_8)));
        try {
            assertEquals("", done("user", "passwd", "dave", "--password-stdin"));
        } finally {
            System.setIn(before);
        }
        assertTrue(letsIn("dave", "dave's password"));
        String made = done("user", "passwd", "dave").strip();
        assertFalse(letsIn("dave", "dave's password"));
        assertTrue(letsIn("dave", made.substring(made.lastIndexOf(' ') + 1)));
    }

    private static boolean letsIn(String user, String password) {
        IdentityLogin login =
                IdentityLogin.ofEnvironment(
                        Map.of(
                                "OS_AUTH_URL",
                                url("https"),
                                "OS_USERNAME",
                                user,
                                "OS_PASSWORD",
                                password,
                                "OS_PROJECT_NAME",
                                "yellow",
                                "OS_CACERT",
                                directory.resolve("data/tls/certificate.pem").toString()));
        try (IdentityApi api = new IdentityApi(login)) {
            return api.get("/auth/projects").path("projects").size() == 1;
        } catch (CommandFailure _) {
            return false;
        }
    }

    @Test
    void trustsTheCertificateOfTheDataDirectory() {
        CommandRun run =
                CommandRun.of(
                        "user", "ls", "--config", configuration.toString(), "--url", url("https"));
        assertEquals(0, run.exitCode(), run::output);
        assertTrue(run.output().contains("admin"), run::output);
    }

    @Test
    void saysWhatIsTakenAndWhatCannotBeReached() {
        done("project", "add", "twice");
        fails("Duplicate entry", "project", "add", "twice");
        CommandRun run =
                CommandRun.of(
                        "user",
                        "ls",
                        "--config",
                        configuration.toString(),
                        "--url",
                        "http://127.0.0.1:1");
        assertEquals(CommandFailure.FAILED, run.exitCode());
        assertTrue(run.output().contains("cannot be reached at http://127.0.0.1:1"));
    }

    @Test
    void asksWhichCommandIsMeant() {
        for (String command : List.of("user", "project", "credential")) {
            assertEquals(CommandFailure.USAGE, CommandRun.of(command).exitCode());
        }
    }
}
