package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.ReplicaException;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.identity.IdentityException;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.replica.Attachment;
import io.varve.endpoint.site.ReplicaState;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** {@code varve dr}: a second site that is an exact prefix of the first. */
@Command(
        name = "dr",
        mixinStandardHelpOptions = true,
        description = "A second site: attach it, watch it, have it take over.",
        subcommands = {
            DrCommand.Token.class,
            DrCommand.Attach.class,
            DrCommand.Status.class,
            DrCommand.Promote.class,
            DrCommand.Verify.class,
            DrCommand.Limit.class,
            DrCommand.Drill.class,
            DivergenceCommand.class
        })
final class DrCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "token, attach, status, promote, verify, limit, drill or divergence?");
    }

    /** Makes the secret that a standby needs. */
    @Command(
            name = "token",
            mixinStandardHelpOptions = true,
            description = {
                "Makes, at the primary, the secret that a standby needs to attach.",
                "Whoever has it can read everything, keys included, and merge what was set aside:"
                        + " it is shown once."
            })
    static final class Token implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("POST", "/dr/tokens", Json.object());
                        options.print(spec, answer, answer.path("token").asText() + "\n");
                        return 0;
                    });
        }
    }

    /** Makes an empty site a standby. */
    @Command(
            name = "attach",
            mixinStandardHelpOptions = true,
            description = {
                "Makes an empty site a standby of another one. Then start it with varve serve.",
                "It fetches the keys of users and tokens now, and everything else once it runs."
            })
    static final class Attach implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;

        @Option(
                names = "--primary",
                required = true,
                paramLabel = "URL",
                description = "Where the primary is, e.g. https://one.example:9443")
        private String primary;

        @Option(
                names = "--token",
                required = true,
                paramLabel = "TOKEN",
                description = "What varve dr token has printed there.")
        private String token;

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "The certificate to check it with: what varve tls ca prints there.")
        private @Nullable Path ca;

        @Override
        public Integer call() {
            VarveConfig config = site.loadForNew();
            Path authority = ca;
            try {
                String id =
                        Attachment.run(
                                config.dataDirectory(),
                                new ReplicaState.Peer(primary, token),
                                authority == null ? "" : Files.readString(authority),
                                config.store().namesByProject());
                PrintWriter out = spec.commandLine().getOut();
                out.printf("%s is a standby of site %s%n", config.dataDirectory(), id);
                out.flush();
                return 0;
            } catch (ReplicaException | IdentityException e) {
                throw CommandFailure.failed(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw CommandFailure.failed("cannot attach: " + e);
            }
        }
    }

    /** How far the standby is. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Says which part a site has in its pair, and how far the standby is.")
    static final class Status implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("GET", "/dr", null);
                        options.print(spec, answer, DrText.status(answer));
                        return 0;
                    });
        }
    }

    /** Has the standby take over. */
    @Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = {
                "Has a standby take the lead. The primary takes no changes from then on,"
                        + " everything",
                "it has acknowledged is brought over, and it becomes the standby: nothing is lost."
            })
    static final class Promote implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Option(
                names = "--force",
                description = {
                    "Without the primary, which is lost or cut off. What it has acknowledged and",
                    "this site does not have is set aside there once it returns."
                })
        private boolean force;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        ObjectNode question = Json.object().put("force", force);
                        JsonNode answer = server.ask("POST", "/dr/promote", question);
                        options.print(spec, answer, DrText.promoted(answer));
                        return 0;
                    });
        }
    }

    /** Rehearses a failover. */
    @Command(
            name = "drill",
            mixinStandardHelpOptions = true,
            description = {
                "Rehearses a failover at a standby, on a copy of its journal and view: what would",
                "be lost if the primary were lost now, and how long a takeover takes. Neither site",
                "is changed. Exits with 1 when the standby would not do."
            })
    static final class Drill implements Callable<Integer> {
        private static final long LOOK_NANOS = 200_000_000;

        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("POST", "/dr/drill", Json.object());
                        while (answer.path("running").asBoolean()) {
                            LockSupport.parkNanos(LOOK_NANOS);
                            answer = server.ask("GET", "/dr/drill", null);
                        }
                        options.print(spec, answer, DrText.drilled(answer));
                        return answer.at("/report/passed").asBoolean() ? 0 : 1;
                    });
        }
    }

    /** How things are sent to the other site. */
    @Command(
            name = "limit",
            mixinStandardHelpOptions = true,
            description = {
                "Changes how a site sends to the other one of its pair, at once and until it is",
                "changed again. What is not given stays. It counts at the site that sends: the",
                "primary."
            })
    static final class Limit implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Option(
                names = "--rate",
                paramLabel = "BYTES",
                description = "Most bytes per second; 0 for no limit.")
        private @Nullable Long rate;

        @Option(
                names = "--compress",
                arity = "1",
                paramLabel = "BOOLEAN",
                description = "Whether records and compressible blobs are compressed: true, false.")
        private @Nullable Boolean compress;

        @Override
        public Integer call() {
            ObjectNode question = Json.object();
            if (rate != null) {
                question.put("bytes_per_second", rate);
            }
            if (compress != null) {
                question.put("compress", compress);
            }
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("POST", "/dr/limits", question);
                        options.print(spec, answer, DrText.status(answer));
                        return 0;
                    });
        }
    }

    /** Proves that the standby is what its primary is. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Compares a standby with its primary: the digests of their views at one position.",
                "Run against the standby. Exits with 1 when they differ."
            })
    static final class Verify implements Callable<Integer> {
        private static final long LOOK_NANOS = 200_000_000;

        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Option(
                names = "--deep",
                description = "Also reads every blob and compares it with its record's checksum.")
        private boolean deep;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        ObjectNode question = Json.object().put("deep", deep);
                        JsonNode answer = server.ask("POST", "/dr/verify", question);
                        while (answer.path("running").asBoolean()) {
                            LockSupport.parkNanos(LOOK_NANOS);
                            answer = server.ask("GET", "/dr/verify", null);
                        }
                        options.print(spec, answer, DrText.verified(answer));
                        boolean passed =
                                answer.path("failure").asText().isEmpty()
                                        && answer.at("/last/passed").asBoolean();
                        return passed ? 0 : 1;
                    });
        }
    }
}
