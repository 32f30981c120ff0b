package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The commands of {@code varve placement} about the map of a running site. */
final class PlacementLiveCommand {
    private static final String PATH = "/placement";

    private PlacementLiveCommand() {}

    /** Shows the tree. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the failure domains and rules of the running site's map.")
    static final class Show implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("GET", PATH, null);
                        options.print(spec, answer, text(answer));
                        return 0;
                    });
        }

        private static String text(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            text.append("map epoch ").append(answer.path("map_epoch").asLong()).append('\n');
            for (JsonNode domain : answer.path("domains")) {
                text.append(domain.path("type").asText())
                        .append(' ')
                        .append(domain.path("name").asText())
                        .append(", weight ")
                        .append(DeviceText.number(domain.path("weight").asDouble()))
                        .append(':');
                domain.path("items").forEach(item -> text.append(' ').append(item.asText()));
                text.append('\n');
            }
            for (JsonNode rule : answer.path("rules")) {
                text.append("rule ").append(rule.path("id").asInt()).append(' ');
                text.append(rule.path("name").asText()).append('\n');
            }
            return text.toString();
        }
    }

    /** Writes the map as text. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the running site's map in the text form of Ceph's crushtool.")
    static final class Export implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "Where to; by default standard output.")
        private @Nullable Path file;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("GET", PATH, null);
                        String map = answer.path("map").asText();
                        if (file == null) {
                            options.print(spec, answer, map);
                        } else {
                            write(file, map);
                            long epoch = answer.path("map_epoch").asLong();
                            options.print(
                                    spec,
                                    Json.object().put("map_epoch", epoch),
                                    "map epoch " + epoch + "\n");
                        }
                        return 0;
                    });
        }

        private static void write(Path file, String map) {
            try {
                Files.writeString(file, map);
            } catch (IOException e) {
                throw CommandFailure.failed(file + ": cannot be written: " + e.getMessage());
            }
        }
    }

    /** Puts a map. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a map in the text form of Ceph's crushtool the running site's map: one",
                "that was exported and edited, or that of a Ceph cluster. Devices are known by",
                "their numbers (osd.3 is device 3)."
            })
    static final class Import implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(paramLabel = "FILE", description = "The map.")
        private Path file;

        @Option(
                names = "--epoch",
                paramLabel = "N",
                description = {
                    "The epoch of the map that it was made from, as export said: refused when",
                    "the map has changed since. By default whatever it is now."
                })
        private @Nullable Long epoch;

        @Option(
                names = "--dry-run",
                description = "Only says what it would move; nothing is changed.")
        private boolean dryRun;

        @Option(
                names = "--force",
                description = "Also when devices or copies would be left without a place.")
        private boolean force;

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object().put("map", PlacementCommand.readText(file));
            if (!dryRun) {
                wanted.put("force", force);
                if (epoch != null) {
                    wanted.put("map_epoch", epoch);
                }
            }
            return options.run(
                    server -> {
                        JsonNode answer =
                                dryRun
                                        ? server.ask("POST", PATH + "/analyze", wanted)
                                        : server.ask("PUT", PATH, wanted);
                        options.print(spec, answer, DeviceText.movement(answer));
                        return 0;
                    });
        }
    }

    /** Gives a pool another rule. */
    @Command(
            name = "set-rule",
            mixinStandardHelpOptions = true,
            description = "Has a pool placed by another rule of the map.")
    static final class SetRule implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
        private String pool;

        @Parameters(index = "1", paramLabel = "RULE", description = "The name of the rule.")
        private String rule;

        @Option(
                names = "--dry-run",
                description = "Only says what it would move; nothing is changed.")
        private boolean dryRun;

        @Option(names = "--force", description = "Also when copies would be left without a place.")
        private boolean force;

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object().put("rule", rule);
            wanted.put("dry_run", dryRun).put("force", force);
            return options.run(
                    server -> {
                        String path = "/pools/" + IdentityApi.encoded(pool);
                        JsonNode answer = server.ask("POST", path, wanted);
                        options.print(spec, answer, DeviceText.movement(answer));
                        return 0;
                    });
        }
    }
}
