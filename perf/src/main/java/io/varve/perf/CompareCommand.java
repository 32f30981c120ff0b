package io.varve.perf;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Two or more endpoints in short turns, for telling whether a change makes a difference: what else
 * the machine does falls on all of them alike, so their ratio is steadier than any figure.
 */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "PUT and GET of small objects at several endpoints in turns.")
final class CompareCommand implements Callable<Integer> {
    private static final long GET_KEYS = 5_000;

    @Parameters(arity = "2..*", paramLabel = "ENDPOINT", description = "plain HTTP")
    private List<URI> endpoints = List.of();

    @Option(names = "--access-key", defaultValue = "${env:VARVE_ROOT_ACCESS_KEY}", required = true)
    private String accessKey;

    @Option(names = "--secret-key", defaultValue = "${env:VARVE_ROOT_SECRET_KEY}", required = true)
    private String secretKey;

    @Option(names = "--connections", defaultValue = "32")
    private int connections;

    @Option(names = "--turns", defaultValue = "10")
    private int turns;

    @Option(names = "--seconds", defaultValue = "2", description = "of each turn")
    private int seconds;

    @Option(names = "--operations", split = ",", defaultValue = "put,get")
    private List<String> operations = List.of();

    @Option(names = "--size", defaultValue = "4096", description = "object size in bytes")
    private int sizeBytes;

    private long nextKey = GET_KEYS;

    @Override
    public Integer call() throws IOException {
        ByteBuffer body = LoadCommand.randomBytes(sizeBytes);
        for (URI endpoint : endpoints) {
            LoadCommand.send(address(endpoint), requests(endpoint).createBucket(), 1);
            send(endpoint, requests(endpoint).puts(0, body), GET_KEYS);
        }
        if (operations.contains("put")) {
            compare("PUT", body);
        }
        if (operations.contains("get")) {
            compare("GET", null);
        }
        return 0;
    }

    private void compare(String what, @Nullable ByteBuffer body) throws IOException {
        double[] rates = new double[endpoints.size()];
        for (int turn = -1; turn < turns; turn++) {
            for (int i = 0; i < rates.length; i++) {
                URI endpoint = endpoints.get(i);
                double rate = turn(endpoint, source(endpoint, body));
                // The first turn is for the server's JIT compiler.
                rates[i] += turn < 0 ? 0 : rate / turns;
            }
        }
        for (int i = 0; i < rates.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "%s %s: %,.0f req/s, %.3f of the first%n",
                    what,
                    endpoints.get(i),
                    rates[i],
                    rates[i] / rates[0]);
        }
    }

    private RequestSource source(URI endpoint, @Nullable ByteBuffer body) {
        if (body == null) {
            return S3Requests.prepared(
                    requests(endpoint).gets(GET_KEYS, nextKey++), 40_000 * seconds);
        }
        nextKey += 1_000_000;
        return S3Requests.prepared(requests(endpoint).puts(nextKey, body), 15_000 * seconds);
    }

    private double turn(URI endpoint, RequestSource source) throws IOException {
        try (LoadLoop loop = new LoadLoop(address(endpoint), connections, source)) {
            return loop.run(Duration.ofMillis(200), Duration.ofSeconds(seconds))
                    .requestsPerSecond();
        }
    }

    private void send(URI endpoint, RequestSource source, long count) throws IOException {
        try (LoadLoop loop = new LoadLoop(address(endpoint), connections, source)) {
            loop.run(count);
        }
    }

    private static InetSocketAddress address(URI endpoint) {
        return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
    }

    private S3Requests requests(URI endpoint) {
        return new S3Requests(address(endpoint), accessKey, secretKey, "compare");
    }
}
