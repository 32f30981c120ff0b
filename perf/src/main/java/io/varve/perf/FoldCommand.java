package io.varve.perf;

import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.record.JournalRecord;
import io.varve.projections.Checkpoint;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.RecordSource;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * How fast a recorded journal is folded into an empty view, as a rebuild does it and a second site.
 * The journal is kept, the views are not. Processor time is that of all threads: reading, checking
 * and decoding the journal, the fold, digests, and what RocksDB does in the background.
 */
@Command(
        name = "fold",
        mixinStandardHelpOptions = true,
        description = "Folds a recorded journal into an empty view.")
final class FoldCommand implements Callable<Integer> {
    private static final UUID SITE = new UUID(1, 2);
    private static final double TARGET = 200_000;

    @Option(names = "--dir", defaultValue = "varve-fold-data")
    private Path directory;

    @Option(names = "--records", defaultValue = "1000000", description = "recorded once")
    private long records;

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Override
    public Integer call() throws IOException {
        Path files = Files.createDirectories(directory).toAbsolutePath().resolve("journal");
        JournalConfig config = JournalConfig.of(List.of(files), SITE);
        try (ChronicleJournal journal = ChronicleJournal.open(config)) {
            if (journal.endPosition() == 0) {
                record(journal);
            }
            Checkpoint first = null;
            for (int round = 0; round < rounds; round++) {
                Checkpoint reached = fold(journal);
                if (first != null && !first.equals(reached)) {
                    throw new IOException("two folds differ: " + first + ", " + reached);
                }
                first = reached;
            }
        }
        return 0;
    }

    private void record(ChronicleJournal journal) {
        Last last = new Last();
        new RecordedChanges(1, draft -> last.appended = journal.append(draft)).record(records);
        CompletableFuture<JournalRecord> appended = last.appended;
        if (appended != null) {
            System.out.printf(Locale.ROOT, "recorded %,d%n", appended.join().position());
        }
    }

    /** Durable after all those before it. */
    private static final class Last {
        @Nullable CompletableFuture<JournalRecord> appended;
    }

    private Checkpoint fold(ChronicleJournal journal) throws IOException {
        Path view = directory.resolve("view");
        delete(view);
        double cpu = cpuSeconds();
        long began = System.nanoTime();
        Checkpoint reached;
        try (RocksViewStore store = RocksViewStore.open(view, RocksConfig.DEFAULT)) {
            reached =
                    NamespaceReplay.replay(
                            RecordSource.of(journal), store, journal.endPosition(), position -> {});
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double spent = cpuSeconds() - cpu;
        System.out.printf(
                Locale.ROOT,
                "folded %,d records: %.1f s, %,.0f/s; %.1f s of processor time, %,.0f/s per core"
                        + " (target %,.0f)%n",
                reached.position(),
                seconds,
                reached.position() / seconds,
                spent,
                reached.position() / spent,
                TARGET);
        delete(view);
        return reached;
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(FoldCommand::deleteOne);
        }
    }

    private static void deleteOne(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
