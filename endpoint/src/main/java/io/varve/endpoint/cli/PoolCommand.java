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

import java.util.concurrent.Callable;

/** {@code varve pool}: the pools of a running site. */
@Command(
        name = "pool",
        mixinStandardHelpOptions = true,
        description = "Shows the pools, adds some, changes and removes them.",
        subcommands = {
            PoolCommand.Ls.class,
            PoolCommand.Add.class,
            PoolSetCommand.class,
            PoolCommand.Remove.class
        })
final class PoolCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "ls, add, set or rm?");
    }

    /** Shows all. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists the pools.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("GET", "/pools", null);
                        options.print(
                                spec,
                                answer,
                                IdentityText.table(
                                        DeviceText.sizes(
                                                answer.path("pools"),
                                                "usable_bytes",
                                                "used_bytes",
                                                "available_bytes"),
                                        "id",
                                        "name",
                                        "scheme",
                                        "min_copies",
                                        "rule",
                                        "class",
                                        "compression",
                                        "closed",
                                        "usable",
                                        "used",
                                        "available",
                                        "fullness"));
                        return 0;
                    });
        }
    }

    /** Makes one more. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Adds a pool, with a rule of its own in the placement map unless one is named:",
                "copies or shards on different hosts, on devices of the class."
            })
    static final class Add implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        @Option(
                names = "--scheme",
                required = true,
                paramLabel = "N|K+M",
                description = "How many copies (3), or data and parity shards (4+2).")
        private String scheme;

        @Option(
                names = "--min",
                paramLabel = "N",
                description = "How many must be durable before a write is acknowledged.")
        private @Nullable Integer min;

        @Option(
                names = "--class",
                paramLabel = "CLASS",
                defaultValue = "",
                description = "Only devices of that class; by default any.")
        private String deviceClass;

        @Option(names = "--rule", paramLabel = "RULE", description = "A rule that is there.")
        private @Nullable String rule;

        @Option(
                names = "--over-devices",
                description = "Copies or shards need only be on different devices.")
        private boolean overDevices;

        @Option(
                names = "--compression",
                paramLabel = "zstd|none",
                description = "Whether blobs are compressed that get smaller by it.")
        private @Nullable String compression;

        @Option(names = "--force", description = "Also when copies would be left without a place.")
        private boolean force;

        @Override
        public Integer call() {
            ObjectNode wanted = Json.object().put("name", name).put("scheme", scheme);
            wanted.put("class", deviceClass).put("over_devices", overDevices).put("force", force);
            if (rule != null) {
                wanted.put("rule", rule);
            }
            if (compression != null) {
                wanted.put("compression", compression);
            }
            if (min != null) {
                wanted.put("min_copies", min);
            }
            return options.run(
                    server -> {
                        JsonNode answer = server.ask("POST", "/pools", wanted);
                        options.print(
                                spec,
                                answer,
                                IdentityText.table(
                                        answer.path("pool"), "id", "name", "scheme", "rule"));
                        return 0;
                    });
        }
    }

    /** Removes one. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = {
                "Removes a pool in which nothing is: no object, nothing that the retention window",
                "still keeps, and no storage policy of a bucket."
            })
    static final class Remove implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private AdminOptions options;

        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        @Override
        public Integer call() {
            return options.run(
                    server -> {
                        String path = "/pools/" + IdentityApi.encoded(name);
                        options.print(spec, server.ask("DELETE", path, null), "");
                        return 0;
                    });
        }
    }
}
