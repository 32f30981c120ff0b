package io.varve.endpoint.cli;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.serve.JournalMove;
import io.varve.endpoint.site.SiteException;
import io.varve.journal.JournalException;
import io.varve.journal.archive.DirectoryArchiveStore;
import io.varve.journal.archive.JournalArchive;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code varve rebuild}. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a site of an archive of its journal and its devices.",
            "For a site whose journal is lost. Devices are left as they are, the view is made",
            "by the next start. Interrupted, the same command goes on. What was written after",
            "the archive ends is not known to the site then: see varve salvage."
        })
final class RebuildCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SiteOptions site;

    @Option(
            names = "--archive",
            required = true,
            paramLabel = "DIR",
            description = "What varve journal archive has made.")
    private Path archive;

    @Override
    public Integer call() {
        VarveConfig config = site.loadForNew();
        PrintWriter out = spec.commandLine().getOut();
        try {
            JournalArchive kept = JournalArchive.open(new DirectoryArchiveStore(archive));
            long end =
                    JournalMove.rebuild(
                            config,
                            kept,
                            position -> {
                                out.printf("copied to position %d%n", position);
                                out.flush();
                            });
            out.printf("the journal is back: position %d. Now start the site.%n", end);
            out.flush();
            return 0;
        } catch (SiteException | JournalException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }
}
