package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

final class TlsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path data;

    private int run() {
        String[] arguments = {"tls", "ca", "--data", data.toString()};
        CommandLine commandLine = VarveMain.commandLine(arguments);
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @Test
    void printsTheGeneratedCertificateAsItIs() throws IOException {
        Path file = Files.createDirectory(data.resolve("tls")).resolve("certificate.pem");
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n");
        assertEquals(0, run());
        assertEquals(Files.readString(file), out.toString());
    }

    @Test
    void saysWhenThereIsNoneYet() {
        assertEquals(CommandFailure.FAILED, run());
        assertTrue(err.toString().contains("is made when the server first starts"), err::toString);
    }
}
