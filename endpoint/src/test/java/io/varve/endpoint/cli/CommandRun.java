package io.varve.endpoint.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A {@code varve} command as a user runs it, but in this process.
 *
 * @param output what it printed, to standard output and then to standard error
 */
public record CommandRun(int exitCode, String output) {

    public static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                VarveMain.commandLine(arguments)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new CommandRun(exitCode, out.toString() + err);
    }
}
