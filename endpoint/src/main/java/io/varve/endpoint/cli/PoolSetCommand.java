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

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code varve pool set}: what is not named stays as it is. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        description = {
            "Changes a pool at once. What is in it moves or gets more copies where the rule or the",
            "number of copies change; everything else counts for what is written from then on.",
            "How a pool of shards cuts its blobs cannot change."
        })
final class PoolSetCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions options;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name;

    @Option(
            names = "--name",
            paramLabel = "NEW",
            description = "Another name; the one of before stays one of its other names.")
    private @Nullable String newName;

    @Option(
            names = "--other-names",
            paramLabel = "A,B|none",
            description = {
                "All further names by which clients may ask for it, such as STANDARD_IA."
            })
    private @Nullable String otherNames;

    @Option(names = "--rule", paramLabel = "RULE", description = "A rule of the placement map.")
    private @Nullable String rule;

    @Option(names = "--scheme", paramLabel = "N", description = "How many copies.")
    private @Nullable String scheme;

    @Option(
            names = "--min",
            paramLabel = "N",
            description = "How many must be durable before a write is acknowledged.")
    private @Nullable Integer min;

    @Option(
            names = "--compression",
            paramLabel = "zstd|none",
            description = "Whether blobs are compressed that get smaller by it.")
    private @Nullable String compression;

    @Option(
            names = "--small-objects",
            paramLabel = "BYTES",
            description = "Blobs up to that length are kept as copies in a pool of shards.")
    private @Nullable Long smallBytes;

    @Option(names = "--closed", description = "It takes no more objects; what is in it stays.")
    private boolean closed;

    @Option(names = "--open", description = "It takes objects again.")
    private boolean open;

    @Option(names = "--dry-run", description = "Only says what it would move.")
    private boolean dryRun;

    @Option(names = "--force", description = "Also when copies would be left without a place.")
    private boolean force;

    @Override
    public Integer call() {
        ObjectNode wanted = wanted();
        if (wanted.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "what is to change?");
        }
        wanted.put("dry_run", dryRun).put("force", force);
        return options.run(
                server -> {
                    String path = "/pools/" + IdentityApi.encoded(name);
                    JsonNode answer = server.ask("POST", path, wanted);
                    options.print(spec, answer, text(answer));
                    return 0;
                });
    }

    private ObjectNode wanted() {
        ObjectNode wanted = Json.object();
        put(wanted, "name", newName);
        put(wanted, "rule", rule);
        put(wanted, "scheme", scheme);
        put(wanted, "compression", compression);
        if (otherNames != null) {
            names(otherNames).forEach(wanted.putArray("other_names")::add);
        }
        if (min != null) {
            wanted.put("min_copies", min);
        }
        if (smallBytes != null) {
            wanted.put("small_bytes", smallBytes);
        }
        if (closed && open) {
            throw new ParameterException(spec.commandLine(), "either --closed or --open");
        }
        if (closed || open) {
            wanted.put("closed", closed);
        }
        return wanted;
    }

    private static void put(ObjectNode wanted, String member, @Nullable String value) {
        if (value != null) {
            wanted.put(member, value);
        }
    }

    private static List<String> names(String listed) {
        return listed.equals(NONE)
                ? List.of()
                : Arrays.stream(listed.split(",", -1)).map(String::strip).toList();
    }

    private static String text(JsonNode answer) {
        String table =
                IdentityText.table(
                        answer.path("pool"),
                        "id",
                        "name",
                        "other_names",
                        "scheme",
                        "min_copies",
                        "rule",
                        "compression",
                        "small_bytes",
                        "closed");
        return answer.path("pools").isEmpty() ? table : DeviceText.movement(answer) + table;
    }
}
