package io.varve.perf;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code varve-bench} program. */
@Command(
        name = "varve-bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            LoadCommand.class,
            CompareCommand.class,
            RatiosCommand.class,
            GrowthCommand.class,
            RestartCommand.class,
            PastCommand.class,
            FoldCommand.class,
            BaselineCommand.class,
            ErasureCommand.class,
            CompactionCommand.class,
            RebalanceCommand.class,
            ShipCommand.class
        },
        description = "Load and measurements for an S3 endpoint.")
public final class VarveBench implements Runnable {
    @Spec private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new VarveBench()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which measurement?");
    }
}
