package io.varve.endpoint.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The distribution's Keystone as a child process on a loopback port, with a database of its own in
 * SQLite. Its configuration is that of the package but for places and the cost of hashing a
 * password. Used by one thread.
 */
final class KeystoneProcess implements AutoCloseable {
    static final String ADMIN_PASSWORD = "keystone-admin";

    private static final long STEP_LIMIT_SECONDS = 180;

    private final Path directory;
    private final int port;
    private Process process;

    private KeystoneProcess(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** Makes a new Keystone in an empty directory, and waits until it answers. */
    static KeystoneProcess start(Path directory) throws IOException {
        var privately =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(directory.resolve("fernet-keys"), privately);
        Files.createDirectory(directory.resolve("credential-keys"), privately);
        Files.writeString(
                directory.resolve("keystone.conf"),
                """
                [DEFAULT]
                use_stderr = true
                [database]
                connection = sqlite:///%1$s/keystone.db
                [fernet_tokens]
                key_repository = %1$s/fernet-keys
                [credential]
                key_repository = %1$s/credential-keys
                [identity]
                password_hash_rounds = 4
                """
                        .formatted(directory));
        int port = freePort();
        String user = System.getProperty("user.name");
        manage(directory, "db_sync");
        // Or its own readers keep its writers out, and it answers 500.
        finish(
                directory,
                List.of(
                        "-c",
                        "import sqlite3, sys; sqlite3.connect(sys.argv[1])"
                                + ".execute('pragma journal_mode=wal').fetchone()",
                        directory.resolve("keystone.db").toString()));
        for (String setup : List.of("fernet_setup", "credential_setup")) {
            manage(directory, setup, "--keystone-user", user, "--keystone-group", group(user));
        }
        manage(
                directory,
                "bootstrap",
                "--bootstrap-password",
                ADMIN_PASSWORD,
                "--bootstrap-region-id",
                "RegionOne",
                "--bootstrap-public-url",
                "http://127.0.0.1:" + port + "/v3");
        KeystoneProcess keystone = new KeystoneProcess(directory, port, serve(directory, port));
        keystone.awaitAnswer();
        return keystone;
    }

    private static String group(String user) throws IOException {
        Process id = new ProcessBuilder("id", "-gn", user).start();
        return new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static void manage(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/keystone-manage"));
        command.addAll(List.of("--config-file", directory.resolve("keystone.conf").toString()));
        command.addAll(List.of(arguments));
        finish(directory, command);
    }

    private static void finish(Path directory, List<String> command) throws IOException {
        Process process = run(directory, command);
        try {
            boolean ended = process.waitFor(STEP_LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            if (!ended || process.exitValue() != 0) {
                throw new IOException(
                        String.join(" ", command) + "\n" + Files.readString(log(directory)));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    private static Process serve(Path directory, int port) throws IOException {
        return run(
                directory,
                List.of(
                        "/usr/bin/keystone-wsgi-public",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--",
                        "--config-file",
                        directory.resolve("keystone.conf").toString()));
    }

    private static Process run(Path directory, List<String> arguments) throws IOException {
        // Debian's own interpreter, for which Keystone is packaged, whatever else PATH holds.
        List<String> whole = new ArrayList<>(List.of("/usr/bin/python3"));
        whole.addAll(arguments);
        return new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(directory).toFile()))
                .start();
    }

    private static Path log(Path directory) {
        return directory.resolve("keystone.log");
    }

    Path log() {
        return log(directory);
    }

    /** With the version at its end. */
    String url() {
        return "http://127.0.0.1:" + port + "/v3";
    }

    /** The same again, after {@link #stop}. */
    void restart() throws IOException {
        process = serve(directory, port);
        awaitAnswer();
    }

    void stop() throws IOException {
        process.destroyForcibly();
        try {
            if (!process.waitFor(STEP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("Keystone does not stop");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STEP_LIMIT_SECONDS);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url())).build();
            while (!answers(client, request)) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IOException("did not start\n" + Files.readString(log(directory)));
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private static boolean answers(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
