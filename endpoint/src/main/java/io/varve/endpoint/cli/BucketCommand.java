package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** {@code varve bucket}: what operators do to the objects of a running site. */
@Command(
        name = "bucket",
        mixinStandardHelpOptions = true,
        description = "Has objects go to another storage class.",
        subcommands = {BucketCommand.Transition.class, BucketCommand.Transitions.class})
final class BucketCommand implements Callable<Integer> {
    private static final String[] COLUMNS = {
        "id",
        "bucket",
        "prefix",
        "storage_class",
        "state",
        "looked",
        "moved",
        "moved_bytes",
        "overtaken",
        "failed"
    };

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "transition or transitions?");
    }

    private static String text(JsonNode transitions) {
        StringBuilder text = new StringBuilder(IdentityText.table(transitions, COLUMNS));
        for (JsonNode transition : transitions) {
            for (JsonNode failure : transition.path("failures")) {
                text.append("not moved: ").append(failure.asText()).append('\n');
            }
        }
        return text.toString();
    }

    /** Shows what was asked for. */
    @Command(
            name = "transitions",
            mixinStandardHelpOptions = true,
            description = "Lists the transitions since the server's start, and how far they are.")
    static final class Transitions implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("GET", "/transitions", null);
                        options.print(spec, answer, text(answer.path("transitions")));
                        return 0;
                    });
        }
    }

    /** Asks for one. */
    @Command(
            name = "transition",
            mixinStandardHelpOptions = true,
            description = {
                "Has the objects of a bucket go to another storage class, in the background.",
                "It goes on after a restart of the server; asking again tries again what failed."
                        + " Ends",
                "with 1 when --wait was given and not everything could be moved."
            })
    static final class Transition implements Callable<Integer> {
        private static final long LOOK_NANOS = 200_000_000;

        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(
                paramLabel = "BUCKET",
                description = "Its name; ACCOUNT/NAME where names are by account.")
        private String bucket;

        @Option(
                names = "--storage-class",
                required = true,
                paramLabel = "CLASS",
                description = "Where to: the name of a pool.")
        private String storageClass;

        @Option(
                names = "--prefix",
                paramLabel = "PREFIX",
                defaultValue = "",
                description = "Only keys that begin with it.")
        private String prefix;

        @Option(
                names = "--older-than",
                paramLabel = "AGE",
                description = "Only what was written longer ago, as 30d, 12h, 90m or 45s.")
        private @Nullable String olderThan;

        @Option(
                names = "--noncurrent",
                description = "Also versions that are not the newest of their key.")
        private boolean noncurrent;

        @Option(names = "--wait", description = "Return when it has ended.")
        private boolean wait;

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object().put("bucket", bucket).put("prefix", prefix);
            wanted.put("storage_class", storageClass).put("noncurrent", noncurrent);
            if (olderThan != null) {
                wanted.put("older_than_seconds", age(olderThan).toSeconds());
            }
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("POST", "/transitions", wanted);
                        if (wait) {
                            answer = ended(server, answer);
                        }
                        options.print(spec, answer, text(Json.array().add(answer)));
                        boolean cutShort =
                                answer.path("failed").asLong() > 0
                                        || answer.path("state").asText().equals("stopped");
                        return cutShort ? CommandFailure.FAILED : 0;
                    });
        }

        private static JsonNode ended(AdminOptions.Server server, JsonNode started) {
            long id = started.path("id").asLong();
            JsonNode found = started;
            while (found.path("state").asText().equals("waiting")
                    || found.path("state").asText().equals("running")) {
                LockSupport.parkNanos(LOOK_NANOS);
                for (JsonNode each : server.ask("GET", "/transitions", null).path("transitions")) {
                    found = each.path("id").asLong() == id ? each : found;
                }
            }
            return found;
        }

        private Duration age(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            try {
                return Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
            } catch (DateTimeParseException e) {
                throw new ParameterException(spec.commandLine(), "not an age: " + text, e);
            }
        }
    }
}
