package io.varve.endpoint.cli;

import io.varve.endpoint.config.VarveConfig;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code varve tls}: what HTTPS presents. */
@Command(
        name = "tls",
        mixinStandardHelpOptions = true,
        description = "Shows what clients have to trust.",
        subcommands = TlsCommand.Authority.class)
final class TlsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "ca?");
    }

    /** The certificate that clients need to know. */
    @Command(
            name = "ca",
            mixinStandardHelpOptions = true,
            description = {
                "Prints, as PEM, the certificate that clients must trust.",
                "It is the generated one, which is its own authority, or the configured file. For"
                        + " example: varve tls ca > varve.pem; AWS_CA_BUNDLE=varve.pem aws ..."
            })
    static final class Authority implements Callable<Integer> {
        @Spec private CommandSpec spec;
        @Mixin private SiteOptions site;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            out.print(pem(site.load()));
            out.flush();
            return 0;
        }

        private static String pem(VarveConfig config) {
            Path configured = config.listen().tlsCertificate();
            Path file =
                    configured != null
                            ? configured
                            : config.dataDirectory().resolve("tls").resolve("certificate.pem");
            try {
                return Files.readString(file);
            } catch (NoSuchFileException e) {
                throw CommandFailure.failed(
                        file + " is not there: it is made when the server first starts");
            } catch (IOException e) {
                throw CommandFailure.failed("the certificate cannot be read: " + e);
            }
        }
    }
}
