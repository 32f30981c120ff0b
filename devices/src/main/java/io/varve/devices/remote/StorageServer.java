package io.varve.devices.remote;

import io.varve.devices.DeviceListener;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Serves the devices of one host to those who have a certificate of the cluster. Nobody else gets
 * beyond the handshake.
 *
 * <p>Memory: at most {@link #MAX_CONNECTIONS} connections, each with requests of at most {@link
 * ServerConnection#MAX_BYTES_UNDER_WAY} under way.
 */
public final class StorageServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StorageServer.class.getName());
    private static final int MAX_CONNECTIONS = 64;
    private static final int BACKLOG = 64;
    private static final String PROTOCOL = "TLSv1.3";
    private static final long ACCEPT_PAUSE_NANOS = 100_000_000;

    private final SSLServerSocket listener;
    private final HostedDevices devices;
    private final ExecutorService workers;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean closing;

    private StorageServer(SSLServerSocket listener, HostedDevices devices) {
        this.listener = listener;
        this.devices = devices;
        this.workers =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("varve-storage-", 0).daemon(true).factory());
        this.acceptor =
                Thread.ofPlatform().name("varve-storage-accept").daemon().unstarted(this::run);
    }

    /**
     * Listens. Devices are opened when somebody asks for them.
     *
     * @param directory which the directories of devices are below
     * @param tls has the host's certificate, and trusts those of the cluster alone
     * @param groups how blobs fall into placement groups
     */
    public static StorageServer start(
            InetSocketAddress address,
            Path directory,
            SSLContext tls,
            TallyGroups groups,
            DeviceListener events)
            throws IOException {
        SSLServerSocket socket =
                (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.setNeedClientAuth(true);
            socket.setEnabledProtocols(new String[] {PROTOCOL});
            socket.bind(address, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        StorageServer server =
                new StorageServer(socket, new HostedDevices(directory, groups, events));
        server.acceptor.start();
        return server;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void run() {
        while (!closing) {
            try {
                SSLSocket socket = (SSLSocket) listener.accept();
                if (closing) {
                    socket.close();
                    return;
                }
                if (connections.size() >= MAX_CONNECTIONS) {
                    socket.close();
                    LOG.log(Level.WARNING, "too many connections: {0}", MAX_CONNECTIONS);
                    continue;
                }
                ServerConnection connection =
                        new ServerConnection(socket, devices, workers, connections::remove);
                connections.add(connection);
                connection.start();
            } catch (IOException e) {
                if (!closing) {
                    LOG.log(Level.WARNING, "a connection was not taken", e);
                    LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
                }
            }
        }
    }

    /** Answers what is under way, then lets go of the devices. */
    @Override
    public void close() {
        closing = true;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "not closed cleanly", e);
        }
        connections.forEach(ServerConnection::drain);
        connections.forEach(ServerConnection::close);
        devices.close();
        workers.shutdown();
    }
}
