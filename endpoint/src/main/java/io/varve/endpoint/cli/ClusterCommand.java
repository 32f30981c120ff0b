package io.varve.endpoint.cli;

import io.varve.endpoint.identity.ClusterSecret;
import io.varve.endpoint.tls.ClusterAuthority;
import io.varve.endpoint.tls.PrivateFile;
import io.varve.endpoint.tls.TlsException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code varve cluster}: the certificates with which the hosts of a cluster know each other. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = "Makes the certificates of a cluster's hosts.",
        subcommands = {ClusterCommand.Init.class, ClusterCommand.Host.class})
final class ClusterCommand implements Callable<Integer> {
    static final String SECRET_FILE = "cluster-secret";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "init or host?");
    }

    /** Makes the authority. */
    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the cluster's authority: authority.pem, which each host gets,"
                        + " authority-key.pem, which none does, and cluster-secret, which the"
                        + " endpoints get."
            })
    static final class Init implements Callable<Integer> {
        @Option(
                names = "--directory",
                required = true,
                paramLabel = "DIR",
                description = "Where the files go.")
        private Path directory;

        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            try {
                ClusterAuthority.create(directory, Instant.now());
                PrivateFile.write(directory.resolve(SECRET_FILE), ClusterSecret.fresh());
            } catch (TlsException e) {
                throw CommandFailure.failed(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                throw CommandFailure.failed("the secret cannot be kept: " + e);
            }
            spec.commandLine().getOut().println("made the authority of a cluster in " + directory);
            return 0;
        }
    }

    /** Makes the certificate of a host. */
    @Command(
            name = "host",
            mixinStandardHelpOptions = true,
            description = {
                "Makes NAME.pem and NAME-key.pem for one host: cluster.tls.certificate and"
                        + " cluster.tls.key there, beside authority.pem as cluster.tls.authority."
            })
    static final class Host implements Callable<Integer> {
        @Option(
                names = "--directory",
                required = true,
                paramLabel = "DIR",
                description = "Where the authority is, and the files go.")
        private Path directory;

        @Parameters(
                arity = "1..*",
                paramLabel = "NAME",
                description = "What others reach the host by: names and addresses.")
        private List<String> names;

        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            for (String name : names) {
                if (!name.matches("[A-Za-z0-9.:-]{1,200}")) {
                    throw CommandFailure.usage("not the name or address of a host: " + name);
                }
            }
            try {
                ClusterAuthority.issue(directory, names, Instant.now());
            } catch (TlsException e) {
                throw CommandFailure.failed(String.valueOf(e.getMessage()));
            }
            spec.commandLine()
                    .getOut()
                    .println("made %s.pem and %1$s-key.pem".formatted(names.getFirst()));
            return 0;
        }
    }
}
