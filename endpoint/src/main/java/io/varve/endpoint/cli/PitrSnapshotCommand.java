package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.cli.PitrOptions.Target;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code varve pitr snapshot}: names for moments, which keep them beyond the window. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = "Gives the present moment of a bucket a name, under which it can be read.",
        subcommands = {
            PitrSnapshotCommand.Create.class,
            PitrSnapshotCommand.Ls.class,
            PitrSnapshotCommand.Rm.class
        })
final class PitrSnapshotCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "create, ls or rm?");
    }

    /** Makes one. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Names the bucket as it is now.")
    static final class Create implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrOptions options;

        @Parameters(index = "0", paramLabel = "BUCKET", description = "Of what.")
        private String bucket;

        @Parameters(index = "1", paramLabel = "NAME", description = "a-z, 0-9 and hyphens.")
        private String name;

        @Override
        public Integer call() {
            return options.run(
                    api -> {
                        JsonNode made = ask(api, "PUT", bucket, Map.of("name", name));
                        print(spec, options, bucket, made);
                        return 0;
                    });
        }
    }

    /** Lists them. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists the names.")
    static final class Ls implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private PitrOptions options;

        @Parameters(paramLabel = "BUCKET", description = "Of what.")
        private String bucket;

        @Override
        public Integer call() {
            return options.run(
                    api -> {
                        JsonNode all = ask(api, "GET", bucket, Map.of());
                        all.path("snapshots").forEach(one -> print(spec, options, bucket, one));
                        return 0;
                    });
        }
    }

    /** Takes one away. */
    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Forgets a name, and what only its moment held.")
    static final class Rm implements Callable<Integer> {
        @Mixin private PitrOptions options;

        @Parameters(index = "0", paramLabel = "BUCKET", description = "Of what.")
        private String bucket;

        @Parameters(index = "1", paramLabel = "NAME", description = "Which.")
        private String name;

        @Override
        public Integer call() {
            return options.run(
                    api -> {
                        PitrOptions.send(api, "DELETE", bucket, "snapshot", Map.of("name", name));
                        return 0;
                    });
        }
    }

    private static JsonNode ask(
            SignedApi api, String method, String bucket, Map<String, String> query) {
        return PitrOptions.page(api, method, Target.of(bucket), "snapshot", query, null);
    }

    private static void print(
            CommandSpec spec, PitrOptions options, String bucket, JsonNode snapshot) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                options.json()
                        ? snapshot.toString()
                        : "%-27s %12d  %s--snap-%s"
                                .formatted(
                                        snapshot.path("time").asText(),
                                        snapshot.path("position").asLong(),
                                        bucket,
                                        snapshot.path("name").asText()));
        out.flush();
    }
}
