package io.varve.endpoint.cli;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.json.Json;
import io.varve.journal.JournalException;
import io.varve.journal.StoredReader;
import io.varve.journal.archive.DirectoryArchiveStore;
import io.varve.journal.archive.JournalArchive;
import io.varve.journal.chronicle.JournalEventLog;
import io.varve.journal.chronicle.JournalLimits;
import io.varve.journal.chronicle.ReadOnlyJournal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;

/** {@code varve journal archive}. */
@Command(
        name = "archive",
        mixinStandardHelpOptions = true,
        description = {
            "Adds to an archive what the journal has more than it.",
            "The site may be running. Interrupted, the next run goes on. Each record is",
            "verified on its way; varve rebuild makes a site of an archive and devices."
        })
final class ArchiveCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SiteOptions site;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "Where the archive is: another disk, or one mounted from elsewhere.")
    private Path to;

    @Option(names = "--verify", description = "Read the whole archive afterwards.")
    private boolean verify;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        VarveConfig config = site.load();
        SiteOptions.requireFiles(config);
        PrintWriter out = spec.commandLine().getOut();
        try {
            ReadOnlyJournal journal =
                    ReadOnlyJournal.open(
                            config.journalDirectories(),
                            JournalLimits.DEFAULT,
                            new JournalEventLog());
            JournalArchive archive = JournalArchive.open(new DirectoryArchiveStore(to));
            long before = archive.endPosition();
            add(journal, archive, progress(out, "archived"));
            if (verify) {
                archive.verify(progress(out, "verified"));
            }
            print(out, archive.extent(), before);
            return 0;
        } catch (JournalException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    /** What a majority of mirrors has is never cut again. */
    private static void add(ReadOnlyJournal journal, JournalArchive archive, LongConsumer told) {
        long agreed =
                journal.agreedPosition()
                        .orElseThrow(
                                () ->
                                        new JournalException(
                                                "too few mirrors of the journal can be read"));
        if (archive.endPosition() > agreed) {
            throw new JournalException(
                    "the archive reaches to position %d, the journal to %d"
                            .formatted(archive.endPosition(), agreed));
        }
        try (StoredReader records = journal.stored(archive.endPosition() + 1)) {
            archive.add(journal.siteId(), records, agreed, told);
        }
    }

    private LongConsumer progress(PrintWriter out, String what) {
        return position -> {
            if (!json) {
                out.printf("%s to position %d%n", what, position);
                out.flush();
            }
        };
    }

    private void print(PrintWriter out, JournalArchive.Extent extent, long before) {
        String chain = HexFormat.of().formatHex(extent.chain());
        if (json) {
            out.println(
                    Json.object()
                            .put("site", String.valueOf(extent.siteId()))
                            .put("position", extent.endPosition())
                            .put("added", extent.endPosition() - before)
                            .put("segments", extent.segmentCount())
                            .put("chain", chain));
        } else {
            out.printf(
                    "the archive has positions 1 to %d in %d segments; %d records are new; chain"
                            + " %s%n",
                    extent.endPosition(),
                    extent.segmentCount(),
                    extent.endPosition() - before,
                    chain);
        }
        out.flush();
    }
}
