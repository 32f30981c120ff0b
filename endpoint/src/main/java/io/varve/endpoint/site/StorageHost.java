package io.varve.endpoint.site;

import io.varve.devices.DeviceEventLogAdapter;
import io.varve.devices.remote.StorageServer;
import io.varve.placement.PlacementGroups;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

/**
 * The devices of one host of a cluster, served to its endpoints. It opens those that an endpoint
 * asks for, and looks after each of them by itself: their space, their index, what hangs.
 */
public final class StorageHost implements AutoCloseable {
    /** Which the directories of devices are below, in the data directory. */
    public static final String DIRECTORY = "storage";

    private final SiteLock lock;
    private final StorageServer server;

    private StorageHost(SiteLock lock, StorageServer server) {
        this.lock = lock;
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param tls has the host's certificate, and trusts those of the cluster alone
     * @throws SiteException when the directory is in use, or the address cannot be listened on
     */
    public static StorageHost open(
            Path dataDirectory, InetSocketAddress unresolved, SSLContext tls) {
        InetSocketAddress address =
                new InetSocketAddress(unresolved.getHostString(), unresolved.getPort());
        Path directory = dataDirectory.resolve(DIRECTORY);
        SiteLock lock;
        try {
            Files.createDirectories(directory);
            lock = SiteLock.take(directory);
        } catch (IOException e) {
            throw new SiteException("the storage host cannot be opened: " + directory, e);
        }
        try {
            return new StorageHost(
                    lock,
                    StorageServer.start(
                            address,
                            directory,
                            tls,
                            (poolId, groups) -> new PlacementGroups(groups, poolId)::groupOf,
                            new DeviceEventLogAdapter()));
        } catch (IOException e) {
            letGo(lock);
            throw new SiteException("storage.address %s: %s".formatted(unresolved, e), e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Answers what is under way, then lets go of the devices. */
    @Override
    public void close() {
        server.close();
        letGo(lock);
    }

    private static void letGo(SiteLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new SiteException("the lock cannot be let go of", e);
        }
    }
}
