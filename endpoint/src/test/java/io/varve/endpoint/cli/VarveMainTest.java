package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;

final class VarveMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsTheVersionItWasBuiltAs() {
        assertFalse(VarveVersion.current().contains("$"), VarveVersion.current());
        assertEquals(0, execute("-V"));
        assertTrue(out.toString().contains("varve " + VarveVersion.current()));
    }

    @Test
    void refusesAnUnknownCommandWithExitCodeTwo() {
        assertEquals(2, execute("srve"));
        assertTrue(err.toString().contains("srve"), err.toString());
    }

    @Test
    void asksForACommandWhenNoneIsGiven() {
        assertEquals(2, execute());
        assertTrue(err.toString().contains("which command?"), err.toString());
    }

    @Test
    void showsAFailureAsOneLine() {
        CommandLine line = VarveMain.commandLine("fails");
        line.addSubcommand("fails", new Fails());
        line.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
        assertEquals(1, line.setErr(new PrintWriter(err, true)).execute("fails"));
        assertEquals("varve: the disk is on fire\n", err.toString());
    }

    @Test
    void everySubcommandHasHelpAndItsRegisteredName() {
        for (Subcommands.Subcommand each : Subcommands.all()) {
            CommandLine line = new CommandLine(each.command().get());
            assertEquals(each.name(), line.getCommandName());
            assertNotNull(line.getCommandSpec().findOption("--help"), each.name());
        }
    }

    private int execute(String... args) {
        return VarveMain.commandLine(args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Command(name = "fails")
    static final class Fails implements Callable<Integer> {
        @Override
        public Integer call() {
            throw CommandFailure.failed("the disk is on fire");
        }
    }
}
