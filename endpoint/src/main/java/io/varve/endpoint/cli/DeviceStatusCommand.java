package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code varve device status}: the storage at a glance, or all about one device. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how the devices and the copies on them are, or all about one device.")
final class DeviceStatusCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdminOptions options;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The number of one device.")
    private @Nullable Integer id;

    @Override
    public Integer call() {
        Integer wanted = id;
        return options.run(
                server -> {
                    if (wanted == null) {
                        JsonNode answer = server.ask("GET", "/status", null);
                        options.print(spec, answer, text(answer));
                    } else {
                        JsonNode answer = server.ask("GET", "/devices/" + wanted, null);
                        options.print(spec, answer, DeviceText.details(answer.path("device")));
                    }
                    return 0;
                });
    }

    private static String text(JsonNode status) {
        StringBuilder text = new StringBuilder();
        JsonNode counts = status.path("device_counts");
        text.append(status.path("ready").asBoolean() ? "ready" : "NOT READY");
        String fault = status.path("fault").asText();
        text.append(fault.isEmpty() ? "" : ": " + fault).append('\n');
        text.append(
                "devices: %d, %d up, %d in, %d out, %d draining; %d are needed for writes%n"
                        .formatted(
                                counts.path("all").asInt(),
                                counts.path("up").asInt(),
                                counts.path("in").asInt(),
                                counts.path("out").asInt(),
                                counts.path("draining").asInt(),
                                counts.path("needed").asInt()));
        if (status.path("low_space").asBoolean()) {
            text.append("the journal or the view is short of space: writes are refused\n");
        }
        for (JsonNode pool : status.path("pools")) {
            text.append(
                    "pool %s (%s, rule %s)%n"
                            .formatted(
                                    pool.path("name").asText(),
                                    pool.path("scheme").asText(),
                                    pool.path("rule").asText()));
            figures(text, pool.path("health"), "");
            figures(text, pool.path("capacity"), "");
            figures(text, pool.path("audit"), "audit_");
        }
        return text.append('\n').append(DeviceText.table(status.path("devices"))).toString();
    }

    private static void figures(StringBuilder text, JsonNode figures, String prefix) {
        figures.fieldNames()
                .forEachRemaining(
                        name ->
                                text.append("  ")
                                        .append(prefix)
                                        .append(name)
                                        .append(": ")
                                        .append(figures.path(name).asText())
                                        .append('\n'));
    }
}
