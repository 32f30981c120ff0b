package io.varve.endpoint.cli;

import io.varve.endpoint.cli.Subcommands.Subcommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;

/**
 * The {@code varve} program. Exit codes: 0 done, 1 failed, 2 wrong command line or configuration.
 */
public final class VarveMain {
    private VarveMain() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        int exitCode = run(args);
        System.out.flush();
        System.exit(exitCode);
    }

    static int run(String... args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            // Without picocli: its first use costs more than the rest of a start.
            System.out.println("varve " + VarveVersion.current());
            return 0;
        }
        if (args.length > 0 && args[0].equals("serve")) {
            ServeCommand command = ServeCommand.plain(List.of(args).subList(1, args.length));
            if (command != null) {
                return command.call();
            }
        }
        return commandLine(args).execute(args);
    }

    static CommandLine commandLine(String... args) {
        CommandLine root = new CommandLine(new Varve());
        for (Subcommand subcommand : needed(args)) {
            root.addSubcommand(subcommand.name(), subcommand.command().get());
        }
        // Applies to the subcommands added so far, so it comes last.
        root.setExecutionExceptionHandler(VarveMain::reportFailure);
        root.setUsageHelpAutoWidth(true);
        return root;
    }

    /** The one that is called, or all of them for the help and for suggestions. */
    private static List<Subcommand> needed(String... args) {
        if (args.length == 0) {
            return Subcommands.all();
        }
        return Subcommands.named(args[0]).map(List::of).orElseGet(Subcommands::all);
    }

    private static int reportFailure(
            Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof CommandFailure expected) {
            PrintWriter err = commandLine.getErr();
            err.println("varve: " + expected.getMessage());
            err.flush();
            return expected.exitCode();
        }
        throw failure;
    }

    @Command(
            name = "varve",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "An S3 and Swift object store on an append-only journal.")
    static final class Varve implements Runnable {
        @Spec private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "which command?");
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"varve " + VarveVersion.current()};
        }
    }
}
