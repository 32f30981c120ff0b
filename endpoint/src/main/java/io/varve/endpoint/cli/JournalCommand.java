package io.varve.endpoint.cli;

import io.varve.endpoint.config.VarveConfig;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.chronicle.JournalEvent;
import io.varve.journal.chronicle.JournalLimits;
import io.varve.journal.chronicle.ReadOnlyJournal;
import io.varve.journal.chronicle.VerifyReport;
import io.varve.journal.text.JournalCat;
import io.varve.journal.text.PositionText;
import io.varve.journal.text.VerifyText;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * {@code varve journal}: the journal as it is on media. All but {@code migrate} read only, so the
 * server may be running or not.
 */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "Shows the journal's records, verifies, archives and moves it.",
        footer = {
            "",
            "All but migrate change nothing, and the server may be running.",
            "Exit codes: 0 all is well, 1 something is damaged, absent or cannot be read,",
            "2 wrong command line or configuration."
        },
        subcommands = {
            JournalCommand.Cat.class,
            JournalCommand.Verify.class,
            JournalCommand.Position.class,
            MigrateCommand.class,
            ArchiveCommand.class
        })
final class JournalCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "cat, verify, position, archive or migrate?");
    }

    /** Prints records. */
    @Command(
            name = "cat",
            mixinStandardHelpOptions = true,
            description = {
                "Prints records, one a line.",
                "A line is position, time, writer epoch, request id, who, what. Whether a",
                "change took effect is for the view to say: here is what was asked for."
            })
    static final class Cat implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;
        @Mixin private Range range;

        @Option(
                names = "--bucket",
                paramLabel = "NAME",
                description = "Only records about this bucket; id:N for the one created at N.")
        private @Nullable String bucket;

        @Option(names = "--json", description = "Print a JSON object per line.")
        private boolean json;

        @Override
        public Integer call() {
            range.check(spec);
            AtomicBoolean damaged = new AtomicBoolean();
            PrintWriter err = spec.commandLine().getErr();
            ReadOnlyJournal journal =
                    open(
                            site.load(),
                            event -> {
                                damaged.set(true);
                                err.println("varve: " + describe(event));
                                err.flush();
                            });
            JournalCat cat = new JournalCat(range.from, range.to, bucket, json);
            PrintWriter out = spec.commandLine().getOut();
            try (RecordReader records = journal.read(cat.readFrom())) {
                cat.print(records, new Pipe(out));
            } catch (JournalException e) {
                out.flush();
                throw CommandFailure.failed(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                // Whoever reads what is printed has seen enough.
                return 0;
            }
            out.flush();
            return damaged.get() ? CommandFailure.FAILED : 0;
        }

        private static String describe(JournalEvent event) {
            return event instanceof JournalEvent.DamageFound found
                    ? "damage: position %d, file %s: %s"
                            .formatted(found.position(), found.file(), found.reason())
                    : event.toString();
        }
    }

    /** Reads everything. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Reads every record of every mirror.",
                "Each must have its checksum and its position, and continue the chain of hashes."
            })
    static final class Verify implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;
        @Mixin private Range range;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Override
        public Integer call() {
            range.check(spec);
            VerifyReport report = open(site.load(), event -> {}).verify(range.from, range.to);
            print(spec, json ? VerifyText.json(report) + '\n' : VerifyText.text(report));
            return report.isIntact() ? 0 : CommandFailure.FAILED;
        }
    }

    /** Says where the journal ends. */
    @Command(
            name = "position",
            mixinStandardHelpOptions = true,
            description = {
                "Says where each mirror ends.",
                "Agreed is the last position that more than half of them have."
            })
    static final class Position implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        @Override
        public Integer call() {
            ReadOnlyJournal journal = open(site.load(), event -> {});
            print(spec, json ? PositionText.json(journal) + '\n' : PositionText.text(journal));
            boolean well = journal.mirrorEnds().stream().allMatch(end -> end.problem() == null);
            return well ? 0 : CommandFailure.FAILED;
        }
    }

    /** Which records. */
    static final class Range {
        @Option(
                names = "--from",
                defaultValue = "1",
                paramLabel = "POSITION",
                description = "The first record, by default 1.")
        private long from;

        @Option(
                names = "--to",
                defaultValue = "9223372036854775807",
                showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
                paramLabel = "POSITION",
                description = "The last record, by default the end.")
        private long to;

        void check(CommandSpec spec) {
            if (from < 1) {
                throw new ParameterException(spec.commandLine(), "--from: positions start at 1");
            }
            if (to < from) {
                throw new ParameterException(spec.commandLine(), "--to is below --from");
            }
        }
    }

    /** Ends the printing when nobody reads it any more. */
    private static final class Pipe implements Appendable {
        /** To look means to flush. */
        private static final int LINES_BETWEEN_LOOKS = 256;

        private final PrintWriter out;
        private int lines;

        Pipe(PrintWriter out) {
            this.out = out;
        }

        @Override
        public Appendable append(CharSequence text) {
            out.append(text);
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            out.append(text, start, end);
            return this;
        }

        @Override
        public Appendable append(char c) throws IOException {
            out.append(c);
            if (c == '\n' && ++lines % LINES_BETWEEN_LOOKS == 0 && out.checkError()) {
                throw new IOException("output is closed");
            }
            return this;
        }
    }

    private static ReadOnlyJournal open(VarveConfig config, Consumer<JournalEvent> events) {
        SiteOptions.requireFiles(config);
        try {
            return ReadOnlyJournal.open(config.journalDirectories(), JournalLimits.DEFAULT, events);
        } catch (JournalException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private static void print(CommandSpec spec, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
