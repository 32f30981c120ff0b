package io.varve.endpoint.cli;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.serve.JournalMove;
import io.varve.endpoint.site.JournalMigration;
import io.varve.endpoint.site.SiteException;
import io.varve.journal.JournalException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;

/** {@code varve journal migrate}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Moves the journal from files to Kafka.",
            "The configuration is the new one: journal.kind = kafka, and journal.directories",
            "as they are. The site must not run. Interrupted, it goes on where it was when it",
            "is started again. The files are set aside, as DIRECTORY.on-kafka."
        })
final class MigrateCommand implements Callable<Integer> {
    private static final long POSITIONS_PER_LINE = 100_000;

    @Spec private CommandSpec spec;
    @Mixin private SiteOptions site;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        VarveConfig config = site.load();
        if (config.kafka() == null) {
            throw CommandFailure.usage("the configuration does not say journal.kind = kafka");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            JournalMigration.Report report = JournalMove.run(config, new Progress(out));
            out.printf(
                    json
                            ? "{\"position\":%d,\"copied\":%d,\"chain\":\"%s\"}%n"
                            : "the journal is on Kafka: position %d, %d records copied, chain %s%n",
                    report.endPosition(),
                    report.copiedCount(),
                    report.chain());
            out.flush();
            return 0;
        } catch (SiteException | JournalException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    /** A line now and then, so that one sees that it goes on. */
    private final class Progress implements LongConsumer {
        private final PrintWriter out;
        private long told;

        Progress(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void accept(long position) {
            if (!json && position / POSITIONS_PER_LINE > told) {
                told = position / POSITIONS_PER_LINE;
                out.println("  position " + position);
                out.flush();
            }
        }
    }
}
