package io.varve.endpoint.site;

import io.varve.dr.replica.SetAside;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.namespace.ViewEvent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes a site that was overtaken ready to follow, before it is opened: its devices get a journal
 * of their own, what it has acknowledged and the other site never had is set aside, and then its
 * journal is cut to where the two are the same. Each step can be cut short, and is done again at
 * the next start. Used once.
 */
final class Overtaken {
    private static final Logger LOG = Logger.getLogger(Overtaken.class.getName());
    private static final int BATCH_RECORDS = 512;
    private static final long BATCH_BYTES = 4L << 20;

    private final SiteConfig config;
    private final UUID siteId;
    private final JournalConfig journalConfig;
    private final Consumer<ViewEvent> events;

    Overtaken(SiteConfig config, SiteIdentity identity, Consumer<ViewEvent> events) {
        this.config = config;
        this.siteId = identity.id();
        this.journalConfig = JournalOpening.ofFiles(config, identity).withFollows(true);
        this.events = events;
    }

    /** Returns the state of a site that can be opened. */
    ReplicaState settle(ReplicaState before) throws IOException {
        boolean followsFiles = config.kafka() == null;
        if (before.follows() && !followsFiles) {
            throw new SiteException("a site whose journal is on Kafka cannot be a standby");
        }
        ReplicaState state = before;
        if (state.topology() == ReplicaState.Place.MOVING) {
            moveTopology();
            state = state.withTopology(ReplicaState.Place.LOCAL);
            state.write(config.directory());
        }
        if (state.cutAfter() >= 0) {
            setAside(state.cutAfter());
            ChronicleJournal.cut(journalConfig, state.cutAfter());
            state = state.withCutAfter(-1);
            state.write(config.directory());
        }
        return state;
    }

    private void moveTopology() {
        try (ChronicleJournal journal = ChronicleJournal.open(journalConfig);
                NamespaceHost host =
                        NamespaceHost.open(
                                journal,
                                new ViewDirectory(config.viewDirectory()),
                                config.viewStore(),
                                config.namespace(),
                                events);
                LocalTopology local = LocalTopology.open(config, siteId, events)) {
            new TopologyFounding(
                            config,
                            local.host().topology(),
                            new TopologyChanges(new HostLedger(local.host())))
                    .adopt(host.topology().current());
        }
    }

    private void setAside(long cutAfter) throws IOException {
        Path directory = config.directory().resolve(SetAside.DIRECTORY);
        try (ChronicleJournal journal = ChronicleJournal.open(journalConfig);
                StoredReader reader = journal.stored(cutAfter + 1)) {
            long end = journal.endPosition();
            if (end <= cutAfter || SetAside.covers(directory, cutAfter + 1, end)) {
                return;
            }
            SetAside.Writer writer = SetAside.begin(directory, cutAfter + 1, end);
            try (writer) {
                List<StoredRecord> next = reader.next(BATCH_RECORDS, BATCH_BYTES);
                while (!next.isEmpty()) {
                    writer.add(next);
                    next = reader.next(BATCH_RECORDS, BATCH_BYTES);
                }
                writer.complete();
            }
            LOG.log(
                    Level.WARNING,
                    "records {0} to {1} were acknowledged here and never came to the other site:"
                            + " set aside in {2}; varve dr divergence lists them",
                    new Object[] {cutAfter + 1, end, writer.file()});
        }
    }
}
