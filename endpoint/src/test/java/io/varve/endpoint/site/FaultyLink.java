package io.varve.endpoint.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The line between two sites: passes bytes on from a port of its own to one that may change, and
 * does to them what lines do. Safe for use by many threads.
 */
final class FaultyLink implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final long SLOW_NANOS = 20_000_000;
    private static final int CORRUPT_EVERY = 7;

    /** What is done to what passes. */
    enum Weather {
        FAIR,
        CUT,
        SLOW,
        CORRUPTING
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger chunks = new AtomicInteger();
    private volatile int target;
    private volatile Weather weather = Weather.FAIR;

    FaultyLink() throws IOException {
        listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    void target(int port) {
        target = port;
    }

    void weather(Weather now) {
        weather = now;
        if (now == Weather.CUT) {
            open.forEach(FaultyLink::closeQuietly);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                if (weather == Weather.CUT) {
                    client.close();
                } else {
                    connect(client);
                }
            }
        } catch (IOException closed) {
            open.forEach(FaultyLink::closeQuietly);
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException nobodyThere) {
            client.close();
            return;
        }
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, false));
        Thread.ofVirtual().start(() -> pass(server, client, true));
    }

    private void pass(Socket from, Socket to, boolean mayCorrupt) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                Weather now = weather;
                if (now == Weather.SLOW) {
                    LockSupport.parkNanos(SLOW_NANOS);
                }
                if (now == Weather.CORRUPTING
                        && mayCorrupt
                        && chunks.incrementAndGet() % CORRUPT_EVERY == 0) {
                    chunk[length / 2] ^= 0x10;
                }
                out.write(chunk, 0, length);
                out.flush();
            }
        } catch (IOException cut) {
            // As lines are.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
