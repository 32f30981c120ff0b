package io.varve.perf;

import picocli.CommandLine.Option;

import java.net.InetSocketAddress;
import java.net.URI;

/** The options that name an endpoint. */
final class Target {
    @Option(
            names = "--endpoint",
            defaultValue = "http://127.0.0.1:9000",
            description = "plain HTTP endpoint (default: ${DEFAULT-VALUE})")
    private URI endpoint;

    @Option(names = "--access-key", defaultValue = "${env:VARVE_ROOT_ACCESS_KEY}", required = true)
    private String accessKey;

    @Option(names = "--secret-key", defaultValue = "${env:VARVE_ROOT_SECRET_KEY}", required = true)
    private String secretKey;

    @Option(names = "--bucket", defaultValue = "varve-bench")
    private String bucket;

    InetSocketAddress address() {
        return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
    }

    S3Requests requests() {
        return new S3Requests(address(), accessKey, secretKey, bucket);
    }
}
