package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.cli.PitrOptions.Target;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code varve pitr}: what differs between now and then, and bringing it back. */
@Command(
        name = "pitr",
        mixinStandardHelpOptions = true,
        description = "Compares a bucket with its past, and brings the past back.",
        footer = {
            "",
            "Asks the running server with the access key in AWS_ACCESS_KEY_ID and",
            "AWS_SECRET_ACCESS_KEY. A moment is a time (2026-11-22T10:00:00Z), a position of",
            "the journal, or snapshot:NAME.",
        },
        subcommands = {
            PitrCommand.Cat.class,
            PitrCommand.Diff.class,
            PitrCommand.Erase.class,
            PitrCommand.Ls.class,
            PitrCommand.Restore.class,
            PitrSnapshotCommand.class,
            PitrCommand.Undelete.class
        })
final class PitrCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "cat, diff, erase, ls, restore, snapshot or undelete?");
    }

    /** One object. */
    @Command(
            name = "cat",
            mixinStandardHelpOptions = true,
            description = "Prints an object as it was.")
    static final class Cat implements Callable<Integer> {
        @Mixin private PitrOptions options;

        @Option(names = "--at", required = true, paramLabel = "MOMENT", description = "When.")
        private String at;

        @Parameters(paramLabel = "BUCKET/KEY", description = "Which object.")
        private String object;

        @Override
        public Integer call() {
            Target target = Target.of(object);
            return options.run(
                    api -> {
                        Map<String, String> moment = Map.of("X-Varve-As-Of", at);
                        try (InputStream body =
                                api.send(
                                        "GET",
                                        target.bucket(),
                                        target.prefix(),
                                        Map.of(),
                                        moment)) {
                            body.transferTo(System.out);
                            System.out.flush();
                            return 0;
                        } catch (IOException e) {
                            throw CommandFailure.failed("the object could not be read: " + e);
                        }
                    });
        }
    }

    /** What shall not have been. */
    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            description = {
                "Erases the past of one object before the window would, for good.",
                "What the bucket shows stays: delete the object, and its versions, first."
            })
    static final class Erase implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrOptions options;

        @Parameters(paramLabel = "BUCKET/KEY", description = "Which object.")
        private String object;

        @Override
        public Integer call() {
            Target target = Target.of(object);
            return options.run(
                    api -> {
                        JsonNode done =
                                PitrOptions.page(
                                        api,
                                        "POST",
                                        new Target(target.bucket(), ""),
                                        "erase",
                                        Map.of("key", target.prefix()),
                                        null);
                        PrintWriter out = spec.commandLine().getOut();
                        if (options.json()) {
                            out.println(done);
                        } else {
                            out.printf("erased %d versions%n", done.path("erased").asLong());
                            if (done.path("present").asBoolean()) {
                                out.println("the object itself is still there: it was not deleted");
                            }
                        }
                        out.flush();
                        return 0;
                    });
        }
    }

    /** What there was. */
    @Command(
            name = "ls",
            mixinStandardHelpOptions = true,
            description = "Lists the objects that a bucket had.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrOptions options;

        @Option(names = "--at", required = true, paramLabel = "MOMENT", description = "When.")
        private String at;

        @Parameters(paramLabel = "BUCKET[/PREFIX]", description = "Of what.")
        private String of;

        @Override
        public Integer call() {
            return options.run(this::run);
        }

        private int run(SignedApi api) {
            PrintWriter out = spec.commandLine().getOut();
            Map<String, String> query = new TreeMap<>(Map.of("at", at));
            String after = null;
            do {
                JsonNode page = PitrOptions.page(api, "GET", Target.of(of), "list", query, after);
                for (JsonNode object : page.path("objects")) {
                    out.println(
                            options.json()
                                    ? object.toString()
                                    : "%-27s %12d  %s"
                                            .formatted(
                                                    object.path("modified").asText(),
                                                    object.path("sizeBytes").asLong(),
                                                    object.path("key").asText()));
                }
                out.flush();
                after = next(page);
            } while (after != null);
            return 0;
        }
    }

    /** What differs. */
    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = "Lists what differs between two moments of a bucket.")
    static final class Diff implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrOptions options;

        @Option(names = "--at", required = true, paramLabel = "MOMENT", description = "From when.")
        private String at;

        @Option(names = "--to", paramLabel = "MOMENT", description = "To when; by default, now.")
        private @Nullable String to;

        @Parameters(paramLabel = "BUCKET[/PREFIX]", description = "Of what.")
        private String of;

        @Override
        public Integer call() {
            return options.run(this::run);
        }

        private int run(SignedApi api) {
            PrintWriter out = spec.commandLine().getOut();
            Map<String, String> query = new TreeMap<>(Map.of("from", at));
            if (to != null) {
                query.put("to", to);
            }
            String after = null;
            do {
                JsonNode page = PitrOptions.page(api, "GET", Target.of(of), "diff", query, after);
                // All pages are about the same moments.
                query.put("from", page.at("/from/position").asText());
                query.put("to", page.at("/to/position").asText());
                for (JsonNode difference : page.path("differences")) {
                    out.println(options.json() ? difference.toString() : line(difference));
                }
                out.flush();
                after = next(page);
            } while (after != null);
            return 0;
        }

        private static String line(JsonNode difference) {
            return "%-10s %12s %12s  %s"
                    .formatted(
                            difference.path("change").asText(),
                            size(difference.path("before")),
                            size(difference.path("after")),
                            difference.path("key").asText());
        }

        private static String size(JsonNode version) {
            return version.isMissingNode() ? "-" : version.path("sizeBytes").asText();
        }
    }

    private static @Nullable String next(JsonNode page) {
        return page.has("next") ? page.path("next").asText() : null;
    }

    /** All of a bucket or a prefix. */
    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = "Makes a bucket, a prefix or the whole site read as it did.")
    static final class Restore implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrRestoration restoration;

        @Override
        public Integer call() {
            return restoration.run(spec, Map.of());
        }
    }

    /** Only what is missing. */
    @Command(
            name = "undelete",
            mixinStandardHelpOptions = true,
            description = "Brings back objects that were there and are not now; changes no other.")
    static final class Undelete implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrRestoration restoration;

        @Override
        public Integer call() {
            return restoration.run(spec, Map.of("mode", "undelete"));
        }
    }
}
