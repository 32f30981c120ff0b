package io.varve.devices.remote;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes the frames of one connection from a thread of its own, so that nobody who has something to
 * say waits for the network. Frames that come together are sent together. Who adds bounds how much
 * waits here. Any thread.
 */
final class FrameWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long WRITTEN_PATIENCE_MS = 2_000;
    private static final Frame END = Frame.of((byte) 0, 0, new byte[0]);

    private final LinkedBlockingQueue<Frame> queue = new LinkedBlockingQueue<>();
    private final String threadName;
    private final Runnable broken;
    private volatile boolean closed;

    /**
     * @param broken called when nothing can be written any more
     */
    FrameWriter(String threadName, Runnable broken) {
        this.threadName = threadName;
        this.broken = broken;
    }

    void start(OutputStream out) {
        Thread.ofPlatform().name(threadName).daemon().start(() -> run(out));
    }

    void add(Frame frame) {
        if (!closed) {
            queue.add(frame);
        }
    }

    @SuppressWarnings("ReferenceEquality") // END is a mark, whatever is in it
    private void run(OutputStream socket) {
        try (OutputStream out = new BufferedOutputStream(socket, BUFFER_BYTES)) {
            Frame next = queue.take();
            while (next != END) {
                next.write(out);
                Frame following = queue.poll();
                if (following == null) {
                    out.flush();
                    synchronized (queue) {
                        queue.notifyAll();
                    }
                    following = queue.take();
                }
                next = following;
            }
        } catch (IOException _) {
            broken.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a moment until all is written that was added before. */
    void awaitWritten() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WRITTEN_PATIENCE_MS);
        synchronized (queue) {
            long leftMs = WRITTEN_PATIENCE_MS;
            while (!queue.isEmpty() && !closed && leftMs > 0) {
                queue.wait(leftMs);
                leftMs = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            }
        }
    }

    /** Writes nothing more. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
        queue.add(END);
    }
}
