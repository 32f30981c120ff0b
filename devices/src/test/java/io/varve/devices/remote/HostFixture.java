package io.varve.devices.remote;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.FillLimits;
import io.varve.devices.HostAddress;
import io.varve.devices.PoolConfig;
import io.varve.devices.PoolPlacement;
import io.varve.devices.ScrubPace;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.pool.DeviceFilesOpener;
import io.varve.devices.pool.DeviceOpeners;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.pool.MissedDeletes;
import io.varve.devices.pool.ReplicatedPool;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Three storage hosts of one device each, on the loopback address, and who uses them. */
final class HostFixture implements AutoCloseable {
    static final UUID SITE = new UUID(5, 6);
    static final int HOSTS = 3;
    static final int MAX_BLOB_BYTES = 256 << 10;
    private static final int PATIENCE_SECONDS = 30;
    private static final char[] PASSWORD = "testing".toCharArray();

    final StorageServer[] servers = new StorageServer[HOSTS];
    final BlockingQueue<DeviceEvent> events = new LinkedBlockingQueue<>();
    private final Path directory;
    private final List<Runnable> open = new ArrayList<>();

    /** Each device has all blobs. */
    record Everywhere() implements PoolPlacement {
        @Override
        public long epoch() {
            return 1;
        }

        @Override
        public int groupCount() {
            return 4;
        }

        @Override
        public int groupOf(long high, long low) {
            return (int) (low & 3);
        }

        @Override
        public int[] home(int group) {
            return new int[] {0, 1, 2};
        }

        @Override
        public int[] target(int group) {
            return home(group);
        }
    }

    HostFixture(Path directory) throws IOException {
        this.directory = directory;
        for (int host = 0; host < HOSTS; host++) {
            start(host, 0);
        }
    }

    void start(int host, int port) throws IOException {
        servers[host] =
                StorageServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        directory.resolve("host-" + host),
                        tls("member"),
                        (poolId, groups) -> new Everywhere()::groupOf,
                        DeviceListener.NONE);
    }

    DeviceConfig config(int device) {
        return DeviceConfig.of(device, Path.of("device-" + device))
                .withHost(new HostAddress("127.0.0.1", servers[device].address().getPort()))
                .withWrites(new WriteLimits(MAX_BLOB_BYTES, 4 << 20, Duration.ofSeconds(10)))
                .withSpace(new SpaceLimits(1 << 20, 64 << 20, 0, 2, MAX_BLOB_BYTES / 2));
    }

    DeviceSet devices(boolean format) {
        List<DeviceConfig> configs = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            configs.add(config(host));
        }
        RemoteHosts hosts = new RemoteHosts(tls("member"));
        open.addFirst(hosts::close);
        DeviceSet set =
                DeviceSet.open(
                        new DeviceSetConfig(SITE, configs, format, FillLimits.OFF),
                        events::add,
                        new DeviceOpeners(DeviceFilesOpener::onDisk, hosts),
                        MissedDeletes.inMemory());
        open.addFirst(set::close);
        return set;
    }

    ReplicatedPool pool(DeviceSet devices) {
        ReplicatedPool pool =
                ReplicatedPool.open(
                        PoolConfig.DEFAULT
                                .withBackfill(BackfillPace.PAUSED)
                                .withScrub(ScrubPace.NEVER),
                        devices,
                        new Everywhere());
        open.addFirst(pool::close);
        return pool;
    }

    static BlobId id(long number) {
        return new BlobId(0, number);
    }

    /** Waits for an event; those before it are passed over. */
    DeviceEvent await(Predicate<DeviceEvent> wanted) throws InterruptedException {
        while (true) {
            DeviceEvent next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertNotNull(next, "no such event came");
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    static SSLContext tls(String name) {
        try (InputStream in = HostFixture.class.getResourceAsStream(name + ".p12")) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("node", keys.getCertificate("node"));
            KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
            own.init(keys, PASSWORD);
            TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
            others.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the test has no certificate " + name, e);
        }
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
        for (StorageServer server : servers) {
            server.close();
        }
    }
}
