package io.varve.endpoint.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.endpoint.sync.SyncSettings;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two sites that keep a container the same, each over the other's listener. */
final class ContainerSyncTest {
    private static final String OWNER = "p1";
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir private Path directory;
    private int[] ports;
    private VarveServer here;
    private VarveServer there;
    private long requests;

    @BeforeEach
    void start() throws Exception {
        ports = freePorts(3);
        Files.writeString(
                directory.resolve("realms.conf"),
                """
                [lab]
                key = realmsecret
                cluster_here = http://127.0.0.1:%d/v1/
                cluster_there = https://localhost:%d/v1/
                """
                        .formatted(ports[0], ports[1]));
        there = start("there", "https.address = 127.0.0.1:" + ports[1]);
        here = startHere();
    }

    private VarveServer startHere() throws IOException {
        return start(
                "here", "sync.caFile = " + directory.resolve("there/tls/certificate.pem") + "\n");
    }

    private VarveServer start(String name, String more) throws IOException {
        Path file = directory.resolve(name + ".conf");
        Files.writeString(
                file,
                """
                data.directory = %s
                http.address = 127.0.0.1:%d
                devices.segmentSize = 1 MiB
                store.blobSize = 128 KiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                shutdown.drain = 1 s
                sync.realms = %s
                sync.current = //lab/%s
                """
                                .formatted(
                                        directory.resolve(name),
                                        name.equals("here") ? ports[0] : ports[2],
                                        directory.resolve("realms.conf"),
                                        name)
                        + (more.startsWith("https") ? more : "https.address = off\n" + more));
        return VarveServer.start(VarveConfig.load(file, Map.of()), Map.of(), null);
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    private Caller caller() {
        return new Caller(OWNER, "user", new RequestId(42, ++requests));
    }

    private Bucket bucket(VarveServer site) {
        return site.site().store().bucket(OWNER, "box").orElseThrow();
    }

    private void create(VarveServer site, String... settings) {
        SortedMap<String, String> set = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            set.put(settings[i], settings[i + 1]);
        }
        site.site().store().change(caller(), new BucketChange.CreateBucket("box", OWNER, set));
    }

    private void set(VarveServer site, String name, String value) {
        site.site()
                .store()
                .change(
                        caller(),
                        new BucketChange.ChangeBucketSettings(
                                bucket(site).id(),
                                new TreeMap<>(Map.of(name, value)),
                                new TreeSet<>()));
    }

    private static SortedMap<String, String> map(String... pairs) {
        SortedMap<String, String> map = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private void put(VarveServer site, String key, byte[] bytes) throws IOException {
        Attributes attributes =
                new Attributes(map("content-type", "text/x-a"), map("color", "grün süß"));
        site.site()
                .store()
                .put(
                        caller(),
                        new PutCommand(bucket(site).id(), key, attributes, Precondition.NONE),
                        new Bytes(bytes));
    }

    private void delete(VarveServer site, String key) {
        site.site()
                .store()
                .change(
                        caller(),
                        new ObjectChange.DeleteObject(
                                bucket(site).id(), key, null, Precondition.NONE));
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

    /** Keys and what they hold, with what was said of them. */
    private Map<String, String> contents(VarveServer site) {
        ObjectStore store = site.site().store();
        Map<String, String> contents = new TreeMap<>();
        String after = null;
        do {
            var page = store.view().list(new ListQuery(bucket(site).id(), "", "", after, 1000));
            for (ObjectVersion object : page.objects()) {
                contents.put(object.key(), described(store, object));
            }
            after = page.next();
        } while (after != null);
        return contents;
    }

    private static String described(ObjectStore store, ObjectVersion object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectReader reader = store.open(object, 0, object.sizeBytes())) {
            reader.transferTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return "%d %d %s %s"
                .formatted(
                        object.writtenMicros() / 10,
                        Arrays.hashCode(out.toByteArray()),
                        object.attributes().headers(),
                        object.attributes().metadata());
    }

    private void awaitSame() {
        await(() -> contents(here).equals(contents(there)));
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "here " + contents(here) + "\nthere " + contents(there));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void eachGetsWhatTheOtherHasAndWhatChangesThere() throws Exception {
        create(here, SyncSettings.KEY, "user secret");
        create(there, SyncSettings.KEY, "user secret");
        for (int i = 0; i < 30; i++) {
            put(here, "before/" + i, bytes("here " + i));
        }
        put(here, "large ü*~+", new byte[700_000]);
        put(there, "before/7", bytes("newer, there"));
        put(here, "empty", new byte[0]);
        set(here, SyncSettings.TO, "//lab/there/AUTH_p1/box");
        await(() -> contents(there).size() == 32);
        assertFalse(contents(here).equals(contents(there)), "there is newer");
        set(there, SyncSettings.TO, "//LAB/HERE/AUTH_p1/box");
        awaitSame();

        delete(here, "before/3");
        put(there, "after", bytes("there"));
        put(here, "after here", bytes("here"));
        delete(there, "empty");
        await(() -> contents(here).size() == 32 && contents(there).size() == 32);
        awaitSame();
        assertFalse(contents(here).containsKey("empty"));
        assertTrue(contents(here).containsKey("after"));
    }

    @Test
    void afterARestartItGoesOnWhereItWasDeletesIncluded() throws Exception {
        create(there, SyncSettings.KEY, "k");
        create(here, SyncSettings.KEY, "k", SyncSettings.TO, "//lab/there/AUTH_p1/box");
        put(here, "gone", bytes("1"));
        put(here, "stays", bytes("2"));
        awaitSame();
        await(() -> bucket(here).settings().containsKey(SyncSettings.PROGRESS));
        there.close();
        delete(here, "gone");
        put(here, "new", bytes("3"));
        here.close();
        there = start("there", "https.address = 127.0.0.1:" + ports[1]);
        here = startHere();
        awaitSame();
        assertEquals(List.of("new", "stays"), List.copyOf(contents(there).keySet()));
    }

    @Test
    void itGoesOnOnceTheSecretIsMadeRight() throws Exception {
        create(there, SyncSettings.KEY, "right");
        create(here, SyncSettings.KEY, "wrong", SyncSettings.TO, "//lab/there/AUTH_p1/box");
        put(here, "a", bytes("1"));
        assertTrue(contents(there).isEmpty());
        set(there, SyncSettings.KEY, "wrong");
        awaitSame();
    }
}
