package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code varve pool}: the pools of a running site. */
@Command(
        name = "pool",
        mixinStandardHelpOptions = true,
        description = "Shows the pools.",
        subcommands = {PoolCommand.Ls.class})
final class PoolCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "ls?");
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
                                        answer.path("pools"),
                                        "id",
                                        "name",
                                        "scheme",
                                        "min_copies",
                                        "rule",
                                        "class",
                                        "compression"));
                        return 0;
                    });
        }
    }
}
