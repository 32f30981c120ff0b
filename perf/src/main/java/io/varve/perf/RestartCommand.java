package io.varve.perf;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * How long a site with many objects is away when it is stopped, and when it is killed in the middle
 * of writing: from the start of the process to the first answered GET. The data directory is kept,
 * so that the objects are made once.
 */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Time from start to the first answered GET, after a stop and after a kill.")
final class RestartCommand implements Callable<Integer> {
    /** Many, so that many changes share a sync. */
    private static final int FILL_CONNECTIONS = 256;

    private static final int LOAD_CONNECTIONS = 32;

    @Option(names = "--dir", defaultValue = "varve-restart-data")
    private Path directory;

    @Option(names = "--objects", defaultValue = "1000000", description = "made if not yet there")
    private long objects;

    @Option(names = "--size", defaultValue = "256", description = "object size in bytes")
    private int sizeBytes;

    @Option(names = "--rounds", defaultValue = "3", description = "stops, and then kills")
    private int rounds;

    @Option(
            names = "--puts-before-kill",
            defaultValue = "50000",
            description = "new objects before each kill")
    private long putsBeforeKill;

    @Option(names = "--heap", defaultValue = "512m", description = "of Varve's JVM")
    private String heap;

    private long made;

    @Override
    public Integer call() throws IOException {
        directory = Files.createDirectories(directory).toAbsolutePath();
        made = alreadyMade();
        ChildProcess varve = Servers.varve(directory, heap);
        try {
            if (made == 0) {
                LoadCommand.send(
                        varve.address(), RatiosCommand.requests(varve.address()).createBucket(), 1);
            }
            put(varve, objects - made, FILL_CONNECTIONS);
            for (int round = 0; round < rounds; round++) {
                varve.close();
                varve = restart("stop");
            }
            for (int round = 0; round < rounds; round++) {
                put(varve, putsBeforeKill, LOAD_CONNECTIONS);
                varve.kill();
                varve = restart("kill");
            }
        } finally {
            varve.close();
        }
        return 0;
    }

    private void put(ChildProcess varve, long count, int connections) throws IOException {
        if (count <= 0) {
            return;
        }
        ByteBuffer body = LoadCommand.randomBytes(sizeBytes);
        S3Requests requests = RatiosCommand.requests(varve.address());
        try (LoadLoop loop =
                new LoadLoop(varve.address(), connections, requests.puts(made, body))) {
            LoadResult result = loop.run(count);
            System.out.printf(Locale.ROOT, "made %,d objects: %s%n", made + count, result);
        }
        made += count;
        Files.writeString(countFile(), Long.toString(made));
    }

    private ChildProcess restart(String after) throws IOException {
        long began = System.nanoTime();
        ChildProcess varve = Servers.varve(directory, heap);
        LoadCommand.send(varve.address(), RatiosCommand.requests(varve.address()).gets(made, 4), 1);
        System.out.printf(
                Locale.ROOT,
                "after a %s, with %,d objects: %.2f s to the first answered GET (target under 3 s),"
                        + " %.2f s CPU%n",
                after,
                made,
                (System.nanoTime() - began) / 1e9,
                varve.cpuSeconds());
        Files.readString(directory.resolve("varve.log"))
                .lines()
                .filter(line -> line.contains("opened") || line.contains("Caught"))
                .forEach(line -> System.out.println("    " + line));
        return varve;
    }

    private long alreadyMade() throws IOException {
        return Files.exists(countFile())
                ? Long.parseLong(Files.readString(countFile()).strip())
                : 0;
    }

    private Path countFile() {
        return directory.resolve("objects");
    }
}
