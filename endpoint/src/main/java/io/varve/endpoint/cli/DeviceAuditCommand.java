package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** {@code varve device audit}: what the journal names against what the devices hold. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Says what the last audit found: blobs that should exist and are lost, with the"
                    + " objects",
            "they belong to, and blobs that nothing names. Ends with 1 when something is lost."
        })
final class DeviceAuditCommand implements Callable<Integer> {
    private static final long LOOK_NANOS = 200_000_000;

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions options;

    @Option(names = "--run", description = "Has one run now, and waits for its end.")
    private boolean run;

    @Override
    public Integer call() {
        return options.run(
                server -> {
                    JsonNode answer = run ? afterARun(server) : server.ask("GET", "/audit", null);
                    options.print(spec, answer, text(answer));
                    return anyLost(answer) ? 1 : 0;
                });
    }

    private static JsonNode afterARun(AdminOptions.Server server) {
        JsonNode answer = server.ask("POST", "/audit", null);
        while (answer.path("running").asBoolean()) {
            LockSupport.parkNanos(LOOK_NANOS);
            answer = server.ask("GET", "/audit", null);
        }
        return answer;
    }

    private static boolean anyLost(JsonNode answer) {
        boolean lost = false;
        for (JsonNode pool : answer.path("pools")) {
            lost |= pool.path("lost_blobs").asLong() > 0;
        }
        return lost;
    }

    private static String text(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        if (answer.path("running").asBoolean()) {
            double percent = 100 * answer.path("progress").asDouble();
            text.append(String.format(Locale.ROOT, "an audit is under way, %.0f %%%n", percent));
        }
        for (JsonNode pool : answer.path("pools")) {
            pool(pool, text);
        }
        return text.toString();
    }

    private static void pool(JsonNode pool, StringBuilder text) {
        text.append("pool ").append(pool.path("pool").asText());
        if (!pool.has("ended")) {
            text.append(": not audited yet\n");
            return;
        }
        text.append(pool.path("clean").asBoolean() ? ": clean" : ": NOT CLEAN");
        text.append(", as of ").append(pool.path("ended").asText()).append('\n');
        for (String figure :
                new String[] {
                    "held_blobs",
                    "leftovers",
                    "dropped_leftovers",
                    "repairs_owed",
                    "unreachable_blobs",
                    "lost_blobs"
                }) {
            text.append("  ").append(figure).append(": ");
            text.append(pool.path(figure).asText()).append('\n');
        }
        for (JsonNode object : pool.path("lost_objects")) {
            text.append("  lost: ").append(object.path("bucket").asText()).append('/');
            text.append(object.path("key").asText()).append(" (");
            text.append(object.path("role").asText());
            int part = object.path("part").asInt();
            text.append(part > 0 ? ", part " + part : "");
            text.append(", blob ").append(object.path("blob").asText()).append(")\n");
        }
    }
}
