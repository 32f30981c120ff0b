package io.varve.devices.remote;

import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceStats;
import io.varve.devices.HostAddress;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One connection to a storage host, from its greeting to its end. It ends when the host is silent
 * for {@link #SILENCE_NANOS}: heartbeats ask for the figures of the devices. Thread-safe, but for
 * {@link #readAnswers}.
 */
final class ClientConnection {
    /** Longer than a pause of the other side's collector, shorter than a client's patience. */
    static final long SILENCE_NANOS = 3_000_000_000L;

    private static final int CONNECT_MS = 2_000;
    private static final int GREETING_MS = 5_000;
    private static final int BUFFER_BYTES = 64 << 10;

    private final SSLSocket socket;
    private final DataInputStream in;
    private final FrameWriter writer;
    private final Map<Long, Request> underWay = new ConcurrentHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private volatile String endReason = "";
    private volatile boolean ended;
    private volatile long beatAskedNanos;
    private volatile boolean beatUnanswered;

    private ClientConnection(SSLSocket socket, DataInputStream in) {
        this.socket = socket;
        this.in = in;
        this.writer = new FrameWriter("varve-host-requests", () -> end("it cannot be written to"));
    }

    /** Connects, and has the host show a certificate of its name. */
    static ClientConnection open(HostAddress address, SSLContext tls) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(address.name(), address.port()), CONNECT_MS);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(GREETING_MS);
            SSLSocket socket =
                    (SSLSocket)
                            tls.getSocketFactory()
                                    .createSocket(plain, address.name(), address.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            DataInputStream in =
                    new DataInputStream(
                            new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            Frame.of(Operation.HELLO.code(), 0, Greeting.offer()).write(socket.getOutputStream());
            Frame answer = Frame.read(in);
            if (answer == null || answer.kind() != Frame.ANSWER) {
                throw new ProtocolException("the host did not take the greeting");
            }
            Greeting.check(ByteBuffer.wrap(answer.body()));
            // Silence is told by heartbeats from now on.
            socket.setSoTimeout(0);
            ClientConnection made = new ClientConnection(socket, in);
            made.writer.start(socket.getOutputStream());
            return made;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    void send(Request request) {
        long number = lastNumber.incrementAndGet();
        underWay.put(number, request);
        if (ended && underWay.remove(number, request)) {
            request.fail(new DeviceAwayException("the connection ended: " + endReason, null));
            return;
        }
        writer.add(request.frame(number));
    }

    /** Until the connection ends; returns why it did. */
    String readAnswers() {
        try (socket) {
            for (Frame next = Frame.read(in); next != null; next = Frame.read(in)) {
                take(next);
            }
            end("the host closed it");
        } catch (IOException | RuntimeException e) {
            end(String.valueOf(e.getMessage()));
        }
        return endReason;
    }

    private void take(Frame frame) {
        Request request = underWay.remove(frame.number());
        if (request == null) {
            // Given up meanwhile.
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(frame.body());
        switch (frame.kind()) {
            case Frame.ANSWER -> request.answer().complete(body);
            case Frame.REFUSAL -> {
                boolean notAttached = Refusal.isNotAttached(body);
                request.fail(Refusal.decode(body));
                if (notAttached) {
                    end("the host no longer has a device open");
                }
            }
            default -> end("the host sent something unknown: " + frame);
        }
    }

    /** What has no answer yet; to be asked when it has ended. */
    List<Request> unanswered() {
        List<Request> left = new ArrayList<>();
        for (Long number : List.copyOf(underWay.keySet())) {
            Request request = underWay.remove(number);
            if (request != null) {
                left.add(request);
            }
        }
        return left;
    }

    void end(String reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            endReason = reason;
            ended = true;
        }
        writer.close();
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(ClientConnection.class.getName())
                    .log(System.Logger.Level.DEBUG, "not closed cleanly", e);
        }
    }

    /** Gives up what is late, ends a connection that is silent, and asks for figures. */
    void beat(List<RemoteDevice> devices) {
        long now = System.nanoTime();
        underWay.forEach(
                (number, request) -> {
                    if (request.isLate(now) && underWay.remove(number, request)) {
                        request.fail(new DeviceAwayException("no answer in time", null));
                    }
                });
        if (beatUnanswered) {
            if (now - beatAskedNanos > SILENCE_NANOS) {
                end("no heartbeat for %d ms".formatted(SILENCE_NANOS / 1_000_000));
            }
            return;
        }
        beatAskedNanos = now;
        beatUnanswered = true;
        Body ids = new Body();
        devices.forEach(device -> ids.put(device.deviceId()));
        Request figures = new Request(Operation.STATS, ids.bytes(), null, now + 4 * SILENCE_NANOS);
        var unused =
                figures.answer()
                        .whenComplete(
                                (body, failure) -> {
                                    if (failure != null) {
                                        end("the heartbeat failed: " + failure.getMessage());
                                    } else {
                                        beatUnanswered = false;
                                        tell(devices, body);
                                    }
                                });
        send(figures);
    }

    private void tell(List<RemoteDevice> devices, ByteBuffer body) {
        Map<Integer, DeviceStats> figures = new HashMap<>();
        try {
            while (body.hasRemaining()) {
                DeviceStats stats = StatsCodec.decode(body);
                figures.put(stats.deviceId(), stats);
            }
        } catch (BufferUnderflowException e) {
            end("the host's figures are cut short: " + e);
            return;
        }
        for (RemoteDevice device : devices) {
            DeviceStats stats = figures.get(device.deviceId());
            if (stats != null) {
                device.figures(stats);
            }
        }
    }
}
