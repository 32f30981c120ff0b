package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.endpoint.store.FakeBlobs;
import io.varve.endpoint.store.JournaledStore;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.SpaceGuard;
import io.varve.endpoint.store.StoreConfig;
import io.varve.endpoint.store.WindowAgent;
import io.varve.endpoint.store.WindowConfig;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of S3, with journal and blobs in memory and the view in RocksDB. */
final class MemoryStackTest {
    @TempDir Path directory;

    @Test
    void answersAsTheRulesOfS3Say() {
        long seed = System.nanoTime();
        try (MemoryStack stack = new MemoryStack(directory)) {
            new S3ModelRun(seed, stack).run(3000, 700);
        }
    }

    private static final class MemoryStack implements StoreUnderTest, AutoCloseable {
        private static final int BLOB_SIZE_BYTES = 8192;

        private final FakeBlobs blobs = new FakeBlobs();
        private final MemoryJournal journal = new MemoryJournal();
        private final Path directory;
        private NamespaceHost host;
        private JournaledStore store;

        MemoryStack(Path directory) {
            this.directory = directory;
            host = openHost();
            store = openStore();
        }

        private NamespaceHost openHost() {
            return NamespaceHost.open(
                    journal,
                    new ViewDirectory(directory.resolve("view")),
                    RocksConfig.DEFAULT,
                    NamespaceConfig.DEFAULT,
                    event -> {});
        }

        private JournaledStore openStore() {
            return new JournaledStore(
                    new StoreConfig(BLOB_SIZE_BYTES, 1 << 20, 0, 1000, 2),
                    new HostLedger(host),
                    blobs,
                    SpaceGuard.over(List.of(), 0));
        }

        @Override
        public ObjectStore store() {
            return store;
        }

        @Override
        public void restart() {
            close();
            host = openHost();
            store = openStore();
        }

        @Override
        public void forgetHistory() {
            WindowAgent agent =
                    new WindowAgent(
                            new WindowConfig(0, 0, 10),
                            new HostLedger(host),
                            blobs,
                            journal::nowMicros);
            while (agent.doWork() > 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public Map<BlobId, Integer> blobs() {
            Map<BlobId, Integer> copies = new HashMap<>();
            blobs.stored.keySet().forEach(id -> copies.put(id, COPIES));
            return copies;
        }

        @Override
        public void close() {
            store.close();
            host.close();
        }
    }
}
