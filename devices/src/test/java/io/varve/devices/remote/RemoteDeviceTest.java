package io.varve.devices.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobVerification;
import io.varve.devices.BlobWritten;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.pool.ReplicatedPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

import javax.net.ssl.SSLSocket;

final class RemoteDeviceTest {
    private static final byte[] TAG = "owner".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path directory;
    private HostFixture hosts;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new HostFixture(directory);
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static BlobWritten write(BlobPool pool, BlobId id, int length) {
        return pool.write(id, BlobPayload.of(bytes(length)), TAG).join();
    }

    private static void assertReads(BlobPool pool, BlobId id, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        assertEquals(length, pool.read(id, 0, target));
        assertArrayEquals(bytes(length), target.array());
    }

    @Test
    void keepsBlobsOnThreeHosts() {
        ReplicatedPool pool = hosts.pool(hosts.devices(true));
        for (int length : new int[] {0, 1, 4096, 5000, HostFixture.MAX_BLOB_BYTES}) {
            BlobId id = HostFixture.id(length + 1);
            assertEquals(3, write(pool, id, length).copies());
            assertReads(pool, id, length);
            assertEquals(length, pool.lengthBytes(id));
            assertArrayEquals(TAG, pool.ownerTag(id));
            assertEquals(3, pool.verify(id).count(CopyState.GOOD));
        }
        ByteBuffer range = ByteBuffer.allocate(100);
        assertEquals(100, pool.read(HostFixture.id(5001), 4090, range));
        assertEquals(
                ByteBuffer.wrap(bytes(5000), 4090, 100), ByteBuffer.wrap(range.array(), 0, 100));

        Set<Long> listed = new ConcurrentSkipListSet<>();
        pool.list(1, (id, length) -> listed.add(id.low() - length));
        assertEquals(Set.of(1L), listed);
        assertEquals(5, pool.health().blobs());
        assertTrue(pool.health().whole(), () -> String.valueOf(pool.health()));
    }

    @Test
    void deletesForGood() {
        DeviceSet devices = hosts.devices(true);
        ReplicatedPool pool = hosts.pool(devices);
        BlobId id = HostFixture.id(7);
        write(pool, id, 100);
        assertEquals(3, pool.delete(id).join().copies());
        assertEquals(0, pool.delete(id).join().copies());
        assertThrows(BlobMissingException.class, () -> pool.read(id, 0, ByteBuffer.allocate(1)));
        assertEquals(-1, devices.device(0).lengthBytes(id));
    }

    @Test
    void goesOnWithoutAHostAndTakesItBack() throws Exception {
        DeviceSet devices = hosts.devices(true);
        ReplicatedPool pool = hosts.pool(devices);
        write(pool, HostFixture.id(1), 5000);

        int port = hosts.servers[1].address().getPort();
        hosts.servers[1].close();
        hosts.await(event -> event instanceof DeviceEvent.Unavailable && event.deviceId() == 1);
        assertEquals(DeviceState.AWAY, devices.device(1).state());
        BlobWritten degraded = write(pool, HostFixture.id(2), 6000);
        assertEquals(List.of(1), degraded.missingOn());
        assertReads(pool, HostFixture.id(1), 5000);
        assertReads(pool, HostFixture.id(2), 6000);
        assertEquals(Set.of(HostFixture.id(2)), pool.deficits());

        hosts.start(1, port);
        hosts.await(event -> event instanceof DeviceEvent.Opened && event.deviceId() == 1);
        BlobVerification after = pool.repair(HostFixture.id(2));
        assertEquals(3, after.count(CopyState.GOOD), after::toString);
        assertEquals(Set.of(), pool.deficits());
        assertEquals(3, pool.verify(HostFixture.id(1)).count(CopyState.GOOD));
    }

    @Test
    void tellsAHostThatIsAwayFromABlobThatIsNotThere() throws Exception {
        DeviceSet devices = hosts.devices(true);
        BlobDevice device = devices.device(2);
        assertEquals(-1, device.lengthBytes(HostFixture.id(1)));
        hosts.servers[2].close();
        hosts.await(event -> event instanceof DeviceEvent.Unavailable && event.deviceId() == 2);
        assertThrows(DeviceException.class, () -> device.lengthBytes(HostFixture.id(1)));
    }

    @Test
    void comesUpLaterThanWhoUsesIt() throws Exception {
        hosts.devices(true);
        int port = hosts.servers[0].address().getPort();
        hosts.servers[0].close();
        hosts.events.clear();
        DeviceSet late = hosts.devices(false);
        assertEquals(DeviceState.AWAY, late.device(0).state());
        assertEquals(DeviceState.UP, late.device(1).state());
        hosts.start(0, port);
        // By either set of devices.
        hosts.await(event -> event instanceof DeviceEvent.Opened && event.deviceId() == 0);
        hosts.await(event -> event instanceof DeviceEvent.Opened && event.deviceId() == 0);
        assertEquals(DeviceState.UP, late.device(0).state());
    }

    @Test
    void serversOfTwoProcessesSeeTheSameBlobs() {
        ReplicatedPool one = hosts.pool(hosts.devices(true));
        ReplicatedPool other = hosts.pool(hosts.devices(false));
        write(one, HostFixture.id(3), 3000);
        assertReads(other, HostFixture.id(3), 3000);
        assertEquals(3, other.delete(HostFixture.id(3)).join().copies());
        assertThrows(
                BlobMissingException.class,
                () -> one.read(HostFixture.id(3), 0, ByteBuffer.allocate(1)));
    }

    @Test
    void speaksToNobodyWithoutACertificateOfTheCluster() throws IOException {
        int port = hosts.servers[0].address().getPort();
        try (SSLSocket socket =
                (SSLSocket)
                        HostFixture.tls("stranger")
                                .getSocketFactory()
                                .createSocket("127.0.0.1", port)) {
            assertThrows(IOException.class, socket::startHandshake);
        }
        try (RemoteHosts strangers = new RemoteHosts(HostFixture.tls("stranger"))) {
            BlobDevice device =
                    strangers.open(hosts.config(0), HostFixture.SITE, true, DeviceListener.NONE);
            assertEquals(DeviceState.AWAY, device.state());
        }
    }

    @Test
    void opensNothingOutsideOfItsDirectory() {
        try (RemoteHosts members = new RemoteHosts(HostFixture.tls("member"))) {
            for (String place : List.of("../elsewhere", "/tmp/elsewhere", ".", "a/../../b")) {
                DeviceException refusal =
                        assertThrows(
                                DeviceException.class,
                                () ->
                                        members.open(
                                                hosts.config(0).withDirectory(Path.of(place)),
                                                HostFixture.SITE,
                                                true,
                                                DeviceListener.NONE));
                assertTrue(
                        String.valueOf(refusal.getMessage()).contains("below the host's own"),
                        refusal::toString);
            }
            assertFalse(directory.resolve("elsewhere").toFile().exists());
        }
    }
}
