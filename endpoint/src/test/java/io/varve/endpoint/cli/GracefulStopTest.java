package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.clients.ServerProcess;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** SIGTERM to the real process. */
@Tag("slow")
final class GracefulStopTest {
    @TempDir private Path directory;

    private ServerProcess start() throws IOException {
        return ServerProcess.start(directory.resolve("data"), directory.resolve("log"));
    }

    private static Socket connect(ServerProcess server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String statusLine(Socket socket) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        return String.valueOf(reader.readLine());
    }

    private static String request(ServerProcess server, String method, String path, int length) {
        String host = "127.0.0.1:" + server.port();
        String target =
                PresignedTarget.of(
                        method, host, path, ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY);
        return "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, target, host, length);
    }

    @Test
    void requestInFlightIsFinishedAndTheProcessExitsWithZero() throws Exception {
        try (ServerProcess server = start();
                Socket bucket = connect(server);
                Socket upload = connect(server);
                Socket idle = connect(server)) {
            send(bucket, request(server, "PUT", "/first", 0));
            assertEquals("HTTP/1.1 200 OK", statusLine(bucket));
            send(upload, request(server, "PUT", "/first/key", 10) + "half ");
            // The site has the request once another one on the same server has been answered.
            send(bucket, request(server, "GET", "/first", 0));
            assertEquals("HTTP/1.1 200 OK", statusLine(bucket));

            CompletableFuture<Integer> exit =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return server.stop();
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            assertEquals(-1, idle.getInputStream().read(), "idle connections end at once");
            assertThrows(SocketException.class, () -> connect(server).close());
            send(upload, "there");
            assertEquals("HTTP/1.1 200 OK", statusLine(upload));
            assertEquals(0, exit.get(), () -> log());
        }
        try (ServerProcess server = start();
                Socket socket = connect(server)) {
            send(socket, request(server, "GET", "/first/key", 0));
            byte[] response = new byte[4096];
            int length = socket.getInputStream().read(response);
            String text = new String(response, 0, length, StandardCharsets.US_ASCII);
            assertTrue(text.contains("half there"), text);
            assertEquals(0, server.stop(), () -> log());
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
