package io.varve.endpoint.replica;

import static java.util.Objects.requireNonNull;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.serve.VarveServer;
import io.varve.endpoint.site.ReplicaState;
import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A primary and a standby in one process, each behind a listener of its own. */
final class TwoSites implements AutoCloseable {
    private static final String OWNER = "root";
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Map<String, String> ROOT =
            Map.of("VARVE_ROOT_ACCESS_KEY", "ROOTKEY", "VARVE_ROOT_SECRET_KEY", "root-secret");

    private final Path directory;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, VarveServer> open = new HashMap<>();
    private final String more;
    private long requests;

    /**
     * @param more lines of both configurations
     */
    TwoSites(Path directory, String more) throws IOException {
        this.directory = directory;
        this.more = more;
        try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.put("a", a.getLocalPort());
            ports.put("b", b.getLocalPort());
        }
        start("a");
        String token = replica("a").tokens().issue();
        Attachment.run(directory.resolve("b"), new ReplicaState.Peer(url("a"), token), "", false);
        start("b");
    }

    String url(String site) {
        return "http://127.0.0.1:" + ports.get(site);
    }

    void start(String site) throws IOException {
        Path file = directory.resolve(site + ".conf");
        Files.writeString(
                file,
                """
                data.directory = %1$s
                http.address = 127.0.0.1:%2$d
                https.address = off
                devices.segmentSize = 1 MiB
                store.blobSize = 128 KiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                shutdown.drain = 1 s
                pool.copies = 2
                pool.minCopies = 2
                device.0 = host=h0 path=%1$s/d0
                device.1 = host=h1 path=%1$s/d1
                """
                                .formatted(directory.resolve(site), ports.get(site))
                        + more);
        open.put(site, VarveServer.start(VarveConfig.load(file, Map.of()), ROOT, null));
    }

    void stop(String site) {
        VarveServer server = open.remove(site);
        if (server != null) {
            server.close();
        }
    }

    /** Opens a site anew once it asks for it. */
    void reopenWhenAsked(String site) throws Exception {
        site(site).reopening().get(30, TimeUnit.SECONDS);
        stop(site);
        start(site);
    }

    VarveServer site(String site) {
        return requireNonNull(open.get(site));
    }

    ReplicaService replica(String site) {
        return site(site).replica();
    }

    ObjectStore store(String site) {
        return site(site).site().store();
    }

    void createBucket(String site) {
        store(site).change(caller(), new BucketChange.CreateBucket("box", OWNER, new TreeMap<>()));
    }

    private Bucket bucket(String site) {
        return store(site).bucket(OWNER, "box").orElseThrow();
    }

    void put(String site, String key, byte[] bytes) throws IOException {
        store(site)
                .put(
                        caller(),
                        new PutCommand(bucket(site).id(), key, Attributes.NONE, Precondition.NONE),
                        new Bytes(bytes));
    }

    void delete(String site, String key) {
        store(site)
                .change(
                        caller(),
                        new ObjectChange.DeleteObject(
                                bucket(site).id(), key, null, Precondition.NONE));
    }

    private Caller caller() {
        return new Caller(OWNER, "user", new RequestId(42, ++requests));
    }

    /** Keys and a hash of what they hold, read from the devices. */
    Map<String, Integer> contents(String site) {
        ObjectStore store = store(site);
        Map<String, Integer> contents = new TreeMap<>();
        String after = null;
        do {
            var page = store.view().list(new ListQuery(bucket(site).id(), "", "", after, 1000));
            for (ObjectVersion object : page.objects()) {
                contents.put(object.key(), hash(store, object));
            }
            after = page.next();
        } while (after != null);
        return contents;
    }

    private static int hash(ObjectStore store, ObjectVersion object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectReader reader = store.open(object, 0, object.sizeBytes())) {
            reader.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.hashCode(out.toByteArray());
    }

    /** Waits until a site has applied everything that another one has. */
    void awaitCaughtUp(String behind, String ahead) {
        await(() -> replica(behind).appliedPosition() == replica(ahead).journal().endPosition());
    }

    void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it does not come to that: " + states());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        open.forEach(
                (name, server) ->
                        states.add(
                                "%s: %s, end=%d, lag=%s"
                                        .formatted(
                                                name,
                                                server.replica().state(),
                                                server.replica().journal().endPosition(),
                                                server.replica().lag())));
        return states;
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::stop);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Bytes(byte[] bytes) implements ObjectBody {
        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public long lengthBytes() {
            return bytes.length;
        }

        @Override
        public List<Checksum> checksums() {
            return List.of();
        }
    }
}
