package io.varve.endpoint.transition;

import io.varve.devices.log.Pacer;
import io.varve.endpoint.store.Blobs;
import io.varve.endpoint.store.Ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has objects go to another storage class in the background, one request after the other, each
 * object by a record of its own. Safe for use by many threads; a thread of its own does the work.
 *
 * <p>Requests are not kept over a restart: one that was cut short is made again, and goes on where
 * it was, since what is in the class already is passed over.
 */
public final class TransitionAgent implements AutoCloseable {
    private static final int WAITING_MAX = 64;
    private static final int SHOWN_MAX = 200;

    private final Ledger ledger;
    private final Blobs blobs;
    private final Pacer pacer;
    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final List<TransitionRun> shown = new ArrayList<>();
    private final AtomicLong lastId = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param bytesPerSecond most that is moved
     */
    public TransitionAgent(Ledger ledger, Blobs blobs, long bytesPerSecond) {
        this.ledger = ledger;
        this.blobs = blobs;
        this.pacer = Pacer.of(bytesPerSecond);
        this.thread = Thread.ofPlatform().name("varve-transition").daemon().unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    /**
     * Takes a request.
     *
     * @param principal who asks: the journal names them
     * @throws IllegalStateException when too many wait
     */
    public TransitionStatus request(TransitionRequest request, String principal) {
        TransitionRun run =
                new TransitionRun(
                        lastId.incrementAndGet(),
                        request,
                        principal,
                        ledger,
                        blobs,
                        pacer,
                        () -> closing);
        synchronized (shown) {
            if (!waiting.offer(run::run)) {
                throw new IllegalStateException(WAITING_MAX + " transitions wait already");
            }
            shown.add(run);
            if (shown.size() > SHOWN_MAX) {
                shown.removeFirst();
            }
        }
        return run.status();
    }

    /** The last requests of this process, the oldest first. */
    public List<TransitionStatus> status() {
        synchronized (shown) {
            return shown.stream().map(TransitionRun::status).toList();
        }
    }

    private void work() {
        while (!closing) {
            try {
                waiting.take().run();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Waits for the blob under way. */
    @Override
    public void close() {
        closing = true;
        // Wakes it where it waits for a request; where there is no room it does not wait.
        boolean _ = waiting.offer(() -> {});
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
