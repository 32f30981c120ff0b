package io.varve.perf;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;

/** The canonical workload against a running endpoint: 4 KiB PUTs, then GETs, closed loop. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "PUT, then GET, small objects; prints throughput and latency.")
final class LoadCommand implements Callable<Integer> {
    @Mixin private Target target;

    @Option(names = "--connections", defaultValue = "32")
    private int connections;

    @Option(names = "--seconds", defaultValue = "10", description = "for each of the two")
    private int seconds;

    @Option(names = "--size", defaultValue = "4096", description = "object size in bytes")
    private int sizeBytes;

    @Override
    public Integer call() throws IOException {
        InetSocketAddress address = target.address();
        S3Requests requests = target.requests();
        send(address, requests.createBucket(), 1);
        long wrote;
        try (LoadLoop loop =
                new LoadLoop(address, connections, requests.puts(0, randomBytes(sizeBytes)))) {
            LoadResult result = loop.run(Duration.ZERO, Duration.ofSeconds(seconds));
            System.out.println("PUT " + sizeBytes + " B: " + result);
            wrote = result.requests();
        }
        try (LoadLoop loop = new LoadLoop(address, connections, requests.gets(wrote, 1))) {
            LoadResult result = loop.run(Duration.ZERO, Duration.ofSeconds(seconds));
            System.out.println("GET " + sizeBytes + " B: " + result);
        }
        return 0;
    }

    static void send(InetSocketAddress address, RequestSource source, long count)
            throws IOException {
        try (LoadLoop loop = new LoadLoop(address, 1, source)) {
            loop.run(count);
        }
    }

    static ByteBuffer randomBytes(int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        new Random(sizeBytes).nextBytes(bytes);
        return ByteBuffer.allocateDirect(sizeBytes).put(bytes).flip();
    }
}
