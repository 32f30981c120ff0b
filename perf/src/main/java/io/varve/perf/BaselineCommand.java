package io.varve.perf;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * What the HTTP server below Varve can do at best: PUT reads the body and throws it away, GET
 * answers one fixed array of 4 KiB.
 */
@Command(
        name = "baseline",
        mixinStandardHelpOptions = true,
        description = "Serve nothing, as fast as the HTTP server can (for comparison).")
final class BaselineCommand implements Callable<Integer> {
    private static final int GET_BYTES = 4096;

    @Option(names = "--port", defaultValue = "0")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        byte[] fixed = new byte[GET_BYTES];
        WebServer server =
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(port)
                        .maxPayloadSize(-1)
                        .routing(HttpRouting.builder().any((in, out) -> answer(in, out, fixed)))
                        .build()
                        .start();
        System.out.println("baseline on 127.0.0.1:" + server.port());
        new CountDownLatch(1).await();
        return 0;
    }

    private static void answer(ServerRequest request, ServerResponse response, byte[] fixed)
            throws IOException {
        if (request.prologue().method().text().equals("PUT")) {
            byte[] buffer = new byte[64 * 1024];
            try (InputStream body = request.content().inputStream()) {
                while (body.read(buffer) >= 0) {
                    continue;
                }
            }
            response.send();
        } else {
            response.send(fixed);
        }
    }
}
