package io.varve.endpoint.site;

import io.varve.endpoint.store.FakeBlobs;
import io.varve.endpoint.store.JournaledStore;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.SpaceGuard;
import io.varve.endpoint.store.StoreConfig;
import io.varve.endpoint.store.WindowAgent;
import io.varve.endpoint.store.WindowConfig;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;

import java.nio.file.Path;
import java.util.List;

/** A store for tests of front ends: journal and blobs in memory, the view in RocksDB. */
public final class MemorySite implements AutoCloseable {
    private static final int BLOB_SIZE_BYTES = 4096;

    private final NamespaceHost host;
    private final JournaledStore store;
    private final FakeBlobs blobs = new FakeBlobs();

    public MemorySite(Path directory) {
        this(directory, NameScope.SITE);
    }

    public MemorySite(Path directory, NameScope names) {
        host =
                NamespaceHost.open(
                        new MemoryJournal(),
                        new ViewDirectory(directory.resolve("view")),
                        RocksConfig.DEFAULT,
                        NamespaceConfig.DEFAULT,
                        event -> {});
        store =
                new JournaledStore(
                        new StoreConfig(BLOB_SIZE_BYTES, 1 << 20, 0, 1000, 2, names),
                        new HostLedger(host),
                        blobs,
                        SpaceGuard.over(List.of(), 0));
    }

    /** How many blobs were written and not dropped. */
    public int blobCount() {
        return blobs.stored.size();
    }

    /** Forgets whatever no snapshot holds, and its blobs. */
    public void closeWindow() {
        WindowAgent agent =
                new WindowAgent(
                        new WindowConfig(0, 0, 10),
                        new HostLedger(host),
                        blobs,
                        () -> host.view().momentOf(host.view().appliedPosition()).micros() + 1);
        while (agent.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    public ObjectStore store() {
        return store;
    }

    @Override
    public void close() {
        store.close();
        host.close();
    }
}
