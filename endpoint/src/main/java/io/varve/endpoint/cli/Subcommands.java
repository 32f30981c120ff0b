package io.varve.endpoint.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Every subcommand of {@code varve}, in the order the help shows them.
 *
 * <p>To add one: write a class with picocli's {@code @Command} (with {@code
 * mixinStandardHelpOptions = true}) that is a {@code Callable<Integer>}, and give it a line here.
 * Only the subcommand that is called gets loaded, so that the others cost a start nothing.
 */
final class Subcommands {
    private static final List<Subcommand> ALL =
            List.of(
                    new Subcommand("serve", ServeCommand::new),
                    new Subcommand("device", DeviceCommand::new),
                    new Subcommand("placement", PlacementCommand::new),
                    new Subcommand("pool", PoolCommand::new),
                    new Subcommand("bucket", BucketCommand::new),
                    new Subcommand("journal", JournalCommand::new),
                    new Subcommand("view", ViewCommand::new),
                    new Subcommand("pitr", PitrCommand::new),
                    new Subcommand("dr", DrCommand::new),
                    new Subcommand("salvage", SalvageCommand::new),
                    new Subcommand("cluster", ClusterCommand::new),
                    new Subcommand("rebuild", RebuildCommand::new),
                    new Subcommand("tls", TlsCommand::new),
                    new Subcommand("user", UserCommand::new),
                    new Subcommand("project", ProjectCommand::new),
                    new Subcommand("credential", CredentialCommand::new));

    private Subcommands() {}

    static List<Subcommand> all() {
        return ALL;
    }

    static Optional<Subcommand> named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** A name and how to make the picocli command that carries it. */
    record Subcommand(String name, Supplier<Callable<Integer>> command) {}
}
