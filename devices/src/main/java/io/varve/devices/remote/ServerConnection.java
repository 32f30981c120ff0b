package io.varve.devices.remote;

import io.varve.devices.DeviceFailedException;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import javax.net.ssl.SSLSocket;

/**
 * One caller of a storage host. A thread reads its requests, workers do them at once and in no
 * order, another thread writes the answers. While too much of it is under way no more is read, so
 * that a caller that asks faster than the devices are is held back by its own connection.
 */
final class ServerConnection implements AutoCloseable {
    static final int MAX_BYTES_UNDER_WAY = 64 << 20;

    private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());

    /** Beyond what the device takes: a worker each. */
    private static final int MAX_REQUESTS_UNDER_WAY = 256;

    /** What a request costs beside its body: its answer, which may be a read. */
    private static final int REQUEST_BYTES = 64 << 10;

    /** Callers send a heartbeat much more often. */
    private static final int SILENCE_MS = 15_000;

    private static final int DRAIN_SECONDS = 10;
    private static final int BUFFER_BYTES = 64 << 10;

    private final SSLSocket socket;
    private final HostedDevices devices;
    private final Executor workers;
    private final Consumer<ServerConnection> ended;
    private final Semaphore room = new Semaphore(MAX_BYTES_UNDER_WAY / REQUEST_BYTES);
    private final Semaphore places = new Semaphore(MAX_REQUESTS_UNDER_WAY);
    private final FrameWriter writer;
    private volatile boolean draining;

    ServerConnection(
            SSLSocket socket,
            HostedDevices devices,
            Executor workers,
            Consumer<ServerConnection> ended) {
        this.socket = socket;
        this.devices = devices;
        this.workers = workers;
        this.ended = ended;
        this.writer = new FrameWriter("varve-storage-answers", this::close);
    }

    void start() {
        Thread.ofPlatform().name("varve-storage-requests").daemon().start(this::run);
    }

    private void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MS);
            DataInputStream in =
                    new DataInputStream(
                            new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            Frame hello = Frame.read(in);
            if (hello == null || Operation.of(hello.kind()) != Operation.HELLO) {
                throw new ProtocolException("a connection begins otherwise");
            }
            byte[] chosen = Greeting.choose(ByteBuffer.wrap(hello.body()));
            writer.start(socket.getOutputStream());
            writer.add(Frame.of(Frame.ANSWER, hello.number(), chosen));
            for (Frame next = Frame.read(in); next != null; next = Frame.read(in)) {
                take(next);
            }
        } catch (IOException | BufferUnderflowException e) {
            LOG.log(Level.DEBUG, () -> "a connection ended: " + socket.getRemoteSocketAddress(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
            ended.accept(this);
        }
    }

    private void take(Frame request) throws InterruptedException {
        int permits =
                Math.min(
                        1 + request.bodyBytes() / REQUEST_BYTES,
                        MAX_BYTES_UNDER_WAY / REQUEST_BYTES);
        places.acquire();
        room.acquire(permits);
        AtomicBoolean answered = new AtomicBoolean();
        Consumer<Frame> answer =
                frame -> {
                    if (!answered.getAndSet(true)) {
                        writer.add(frame);
                        room.release(permits);
                        places.release();
                    }
                };
        workers.execute(() -> perform(request, answer));
    }

    private void perform(Frame request, Consumer<Frame> answer) {
        long number = request.number();
        Consumer<RuntimeException> refuse =
                e -> answer.accept(Frame.of(Frame.REFUSAL, number, Refusal.encode(e)));
        try {
            Operation operation = Operation.of(request.kind());
            if (operation == null || draining) {
                throw new IllegalArgumentException(
                        draining ? "the host is being stopped" : "no such operation: " + request);
            }
            devices.handle(
                    operation,
                    ByteBuffer.wrap(request.body()),
                    body -> answer.accept(Frame.of(Frame.ANSWER, number, body)),
                    refuse);
        } catch (RuntimeException e) {
            refuse.accept(e);
        } catch (IOException e) {
            refuse.accept(new DeviceFailedException(e.toString(), e));
        }
    }

    /** Waits until what was taken is answered; takes nothing more. */
    void drain() {
        draining = true;
        try {
            if (places.tryAcquire(MAX_REQUESTS_UNDER_WAY, DRAIN_SECONDS, TimeUnit.SECONDS)) {
                writer.awaitWritten();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        writer.close();
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "not closed cleanly", e);
        }
    }
}
