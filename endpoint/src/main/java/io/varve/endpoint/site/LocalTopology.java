package io.varve.endpoint.site;

import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.namespace.ViewEvent;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The records of a site's own devices in a journal of their own, and the view folded out of them:
 * for a site whose journal is that of another one, as far as it has come. A site that has it keeps
 * it, also when it comes to lead.
 */
final class LocalTopology implements AutoCloseable {
    private static final String DIRECTORY = "local";

    private final ChronicleJournal journal;
    private final NamespaceHost host;

    private LocalTopology(ChronicleJournal journal, NamespaceHost host) {
        this.journal = journal;
        this.host = host;
    }

    static LocalTopology open(SiteConfig config, UUID siteId, Consumer<ViewEvent> events) {
        Path directory = config.directory().resolve(DIRECTORY);
        ChronicleJournal journal =
                ChronicleJournal.open(
                        JournalConfig.of(List.of(directory.resolve("journal")), siteId)
                                .withLimits(config.journalLimits()));
        try {
            NamespaceHost host =
                    NamespaceHost.open(
                            journal,
                            new ViewDirectory(directory.resolve("view")),
                            config.viewStore(),
                            config.namespace(),
                            events);
            return new LocalTopology(journal, host);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    NamespaceHost host() {
        return host;
    }

    @Override
    public void close() {
        try {
            host.close();
        } finally {
            journal.close();
        }
    }
}
