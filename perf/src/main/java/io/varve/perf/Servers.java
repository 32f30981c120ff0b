package io.varve.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The servers that are compared. */
final class Servers {
    static final String ACCESS_KEY = "bench";
    static final String SECRET_KEY = "bench-secret-bench-secret";

    private Servers() {}

    /** Varve as {@code bin/varve serve} starts it, in an empty or existing data directory. */
    static ChildProcess varve(Path directory, String heap) throws IOException {
        Path none = Files.writeString(directory.resolve("varve.conf"), "");
        return varve(directory, heap, none);
    }

    /** A configuration with so many devices, each in a host of its own. */
    static Path configuration(Path directory, int devices) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int device = 0; device < devices; device++) {
            Path path = Files.createDirectories(directory.resolve("devices/" + device));
            lines.append("device.%d = host=host%d path=%s%n".formatted(device, device, path));
        }
        return Files.writeString(directory.resolve("varve.conf"), lines);
    }

    static ChildProcess varve(Path directory, String heap, Path config) throws IOException {
        int port = ChildProcess.freePort();
        return ChildProcess.start(
                port,
                directory.resolve("varve.log"),
                Map.of(
                        "VARVE_ROOT_ACCESS_KEY", ACCESS_KEY,
                        "VARVE_ROOT_SECRET_KEY", SECRET_KEY,
                        "VARVE_HEAP", heap),
                List.of(
                        launcher(),
                        "serve",
                        "--config",
                        config.toString(),
                        "--data",
                        directory.resolve("data").toString(),
                        "--http",
                        "127.0.0.1:" + port,
                        "--https",
                        "127.0.0.1:" + ChildProcess.freePort()));
    }

    /** {@code bin/varve}, which becomes the server: what an operator starts is what is measured. */
    static String launcher() {
        String launcher = System.getProperty("varve.launcher");
        if (launcher == null) {
            throw new IllegalStateException("start the harness with bin/varve-bench");
        }
        return launcher;
    }

    static ChildProcess baseline(Path directory) throws IOException {
        int port = ChildProcess.freePort();
        return ChildProcess.java(
                port,
                directory.resolve("baseline.log"),
                "512m",
                Map.of(),
                "io.varve.perf.VarveBench",
                "baseline",
                "--port",
                Integer.toString(port));
    }

    /** nginx with sendfile, serving the files of a directory. */
    static ChildProcess nginx(Path directory) throws IOException {
        int port = ChildProcess.freePort();
        Path config = directory.resolve("nginx.conf");
        Files.writeString(
                config,
                """
                daemon off;
                user root;
                worker_processes 2;
                pid %1$s/nginx.pid;
                error_log %1$s/nginx-error.log;
                events { worker_connections 512; }
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 100000000;
                  client_body_temp_path %1$s/nginx-body;
                  proxy_temp_path %1$s/nginx-proxy;
                  fastcgi_temp_path %1$s/nginx-fastcgi;
                  uwsgi_temp_path %1$s/nginx-uwsgi;
                  scgi_temp_path %1$s/nginx-scgi;
                  server { listen 127.0.0.1:%2$d; root %1$s/files; }
                }
                """
                        .formatted(directory, port));
        return ChildProcess.start(
                port,
                directory.resolve("nginx.log"),
                Map.of(),
                List.of("nginx", "-c", config.toString(), "-p", directory.toString()));
    }
}
