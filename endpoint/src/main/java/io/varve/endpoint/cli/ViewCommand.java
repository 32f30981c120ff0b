package io.varve.endpoint.cli;

import io.varve.dr.VerificationReport;
import io.varve.dr.VerificationText;
import io.varve.dr.ViewRebuild;
import io.varve.dr.ViewVerification;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.site.SiteException;
import io.varve.endpoint.site.SiteLock;
import io.varve.journal.JournalException;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code varve view}: the view that answers every question, and the journal it was made from. */
@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        description = "Rebuilds the view from the journal, or proves that it is right.",
        subcommands = {ViewCommand.Rebuild.class, ViewCommand.Verify.class})
final class ViewCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "rebuild or verify?");
    }

    /** Makes the view anew. */
    @Command(
            name = "rebuild",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the view anew from the whole journal.",
                "The new view then takes the place of the old one. The server must be stopped."
            })
    static final class Rebuild implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            Checkpoint reached = rebuild(site.load());
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    json
                            ? "{\"position\":%d,\"digest\":\"%s\"}%n"
                            : "the view is new: position %d, digest %s%n",
                    reached.position(),
                    reached.digest());
            out.flush();
            return 0;
        }

        private Checkpoint rebuild(VarveConfig config) {
            try (SiteLock _ = SiteLock.take(config.dataDirectory())) {
                ViewRebuild rebuild =
                        new ViewRebuild(
                                SiteOptions.records(config),
                                SiteOptions.views(config),
                                SiteOptions.rocks(config));
                return rebuild.run(new ReplayNotice(spec.commandLine().getErr(), System::nanoTime));
            } catch (ViewException | JournalException | SiteException | IOException e) {
                throw CommandFailure.failed("view not rebuilt: " + e.getMessage());
            }
        }
    }

    /** Proves the view. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Proves that the view is what the journal says.",
                "Replays the journal into another view, up to where the view stands on media,",
                "compares digests, and names the rows that differ. Exit code 1 when any does.",
                "The server may be running: then what it has not flushed yet is left out."
            })
    static final class Verify implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        public Integer call() {
            VarveConfig config = site.load();
            ViewVerification verification =
                    new ViewVerification(
                            () -> SiteOptions.records(config),
                            SiteOptions.views(config),
                            SiteOptions.rocks(config));
            VerificationReport report;
            try {
                report =
                        verification.run(
                                new ReplayNotice(spec.commandLine().getErr(), System::nanoTime));
            } catch (ViewDamagedException e) {
                throw notVerified("view is damaged (rebuild makes it anew): " + e.getMessage());
            } catch (ViewException | JournalException e) {
                throw notVerified("view not verified: " + e.getMessage());
            }
            print(json ? VerificationText.toJson(report) : VerificationText.toText(report));
            return report.passed() ? 0 : CommandFailure.FAILED;
        }

        private CommandFailure notVerified(String message) {
            if (json) {
                print(VerificationText.toJson(message));
            }
            return CommandFailure.failed(message);
        }

        private void print(String text) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
        }
    }
}
