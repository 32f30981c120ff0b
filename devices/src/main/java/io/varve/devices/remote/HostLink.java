package io.varve.devices.remote;

import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceState;
import io.varve.devices.HostAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;

/**
 * The way to one storage host: connects, and connects again for as long as it is open. What was
 * under way when a connection broke is sent once more over the next one, if that comes soon; all
 * that can be asked may be asked twice. Safe for use by many threads.
 */
final class HostLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostLink.class.getName());
    private static final long FIRST_PAUSE_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    /** What is asked again must not keep its caller waiting for long: there are other copies. */
    private static final long ASKED_AGAIN_WITHIN_NANOS = 1_000_000_000;

    /** About five seconds. */
    private static final int BEATS_PER_TRY = 10;

    private final HostAddress address;
    private final SSLContext tls;
    private final List<RemoteDevice> devices = new CopyOnWriteArrayList<>();
    private final List<Request> again = new ArrayList<>();
    private final Thread thread;
    private volatile @Nullable ClientConnection connection;
    private volatile boolean closing;

    /** Owned by whoever beats. */
    private int beats;

    private volatile String trouble = "it was not reached yet";

    HostLink(HostAddress address, SSLContext tls) {
        this.address = address;
        this.tls = tls;
        this.thread =
                Thread.ofPlatform().name("varve-host-" + address).daemon().unstarted(this::run);
    }

    HostAddress address() {
        return address;
    }

    void start() {
        thread.start();
    }

    /** Has a device attached with each connection from now on. */
    void add(RemoteDevice device) {
        devices.add(device);
    }

    /** Has a device attached too, if the host is there. */
    void follow(RemoteDevice device) {
        ClientConnection now = connection;
        if (now != null) {
            device.attach(now);
        }
    }

    /** Returns whether no device is left. */
    boolean unfollow(RemoteDevice device) {
        return devices.remove(device) && devices.isEmpty();
    }

    /** Why there is no connection. */
    String trouble() {
        return trouble;
    }

    /** Asks over the connection there is; fails with {@link DeviceAwayException} without one. */
    CompletableFuture<ByteBuffer> ask(
            Operation operation, byte[] body, @Nullable BlobPayload payload, long timeoutNanos) {
        Request request = new Request(operation, body, payload, System.nanoTime() + timeoutNanos);
        ClientConnection now = connection;
        if (now == null) {
            request.fail(away());
        } else {
            now.send(request);
        }
        return request.answer();
    }

    private DeviceAwayException away() {
        return new DeviceAwayException("host %s is away: %s".formatted(address, trouble), null);
    }

    /** Ends the connection; another one is made. */
    void reset(String reason) {
        ClientConnection now = connection;
        if (now != null) {
            now.end(reason);
        }
    }

    /** To be called about twice a second. */
    void beat() {
        ClientConnection now = connection;
        if (now != null) {
            now.beat(List.copyOf(devices));
            beats++;
            if (beats % BEATS_PER_TRY == 0) {
                attachLost(now);
            }
        }
        giveUpLate();
    }

    /** Those that the host could not open when it was asked: their drives may be back. */
    private void attachLost(ClientConnection now) {
        for (RemoteDevice device : devices) {
            if (device.state() == DeviceState.AWAY) {
                Thread.ofVirtual().name("varve-attach").start(() -> device.attach(now));
            }
        }
    }

    private void giveUpLate() {
        List<Request> late = new ArrayList<>();
        synchronized (again) {
            long now = System.nanoTime();
            again.removeIf(
                    request -> {
                        boolean isLate = now - request.brokenNanos() > ASKED_AGAIN_WITHIN_NANOS;
                        return isLate && late.add(request);
                    });
        }
        late.forEach(request -> request.fail(away()));
    }

    private void run() {
        long pause = FIRST_PAUSE_NANOS;
        while (!closing) {
            try {
                ClientConnection made = ClientConnection.open(address, tls);
                pause = FIRST_PAUSE_NANOS;
                serve(made);
            } catch (IOException | RuntimeException e) {
                String reason = String.valueOf(e.getMessage());
                if (!reason.equals(trouble)) {
                    LOG.log(Level.INFO, "host {0} cannot be reached: {1}", address, reason);
                }
                trouble = reason;
                devices.forEach(RemoteDevice::unreached);
                LockSupport.parkNanos(this, pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        }
        giveUpAll();
    }

    /** Until it ends. */
    private void serve(ClientConnection made) {
        connection = made;
        Thread.ofVirtual().name("varve-attach").start(() -> attach(made));
        String reason = made.readAnswers();
        connection = null;
        trouble = reason;
        if (!closing) {
            LOG.log(Level.WARNING, "the connection to host {0} ended: {1}", address, reason);
        }
        devices.forEach(device -> device.away(reason));
        synchronized (again) {
            for (Request request : made.unanswered()) {
                if (!closing && request.breaks()) {
                    again.add(request);
                } else {
                    request.fail(away());
                }
            }
        }
    }

    private void attach(ClientConnection made) {
        for (RemoteDevice device : devices) {
            device.attach(made);
        }
        List<Request> broken;
        synchronized (again) {
            broken = List.copyOf(again);
            again.clear();
        }
        broken.forEach(made::send);
    }

    private void giveUpAll() {
        synchronized (again) {
            again.forEach(request -> request.fail(away()));
            again.clear();
        }
    }

    @Override
    public void close() {
        closing = true;
        reset("the link is closed");
        LockSupport.unpark(thread);
    }
}
