package io.varve.endpoint.transition;

import io.varve.devices.log.Pacer;
import io.varve.endpoint.store.Blobs;
import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.StoreException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Has objects go to another storage class in the background, one request after the other, each
 * object by a record of its own. Safe for use by many threads; a thread of its own does the work.
 *
 * <p>What was asked for is kept until it has ended. After a restart it goes on, from the beginning
 * of the bucket, where what is in the class already is passed over.
 */
public final class TransitionAgent implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TransitionAgent.class.getName());
    private static final int WAITING_MAX = 64;
    private static final int SHOWN_MAX = 200;

    private final Ledger ledger;
    private final Blobs blobs;
    private final Pacer pacer;
    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(WAITING_MAX + 1);
    private final List<TransitionRun> shown = new ArrayList<>();
    private final List<KeptTransitions.Kept> unended = new ArrayList<>();
    private final KeptTransitions kept;
    private final Thread thread;
    private long lastId;
    private volatile boolean closing;

    /**
     * @param bytesPerSecond most that is moved
     * @param kept what had not ended when the process did
     */
    public TransitionAgent(Ledger ledger, Blobs blobs, long bytesPerSecond, KeptTransitions kept) {
        this.ledger = ledger;
        this.blobs = blobs;
        this.pacer = Pacer.of(bytesPerSecond);
        this.kept = kept;
        this.thread = Thread.ofPlatform().name("varve-transition").daemon().unstarted(this::work);
    }

    /** Goes on with what had not ended. */
    public void start() {
        synchronized (shown) {
            for (KeptTransitions.Kept each : kept.read()) {
                lastId = Math.max(lastId, each.id());
                unended.add(each);
                show(each);
            }
        }
        thread.start();
    }

    /**
     * Takes a request; on return it is on media.
     *
     * @param principal who asks: the journal names them
     * @throws IllegalStateException when too many wait
     * @throws io.varve.endpoint.store.StoreException when it cannot be kept
     */
    public TransitionStatus request(TransitionRequest request, String principal) {
        synchronized (shown) {
            if (unended.size() >= WAITING_MAX) {
                throw new IllegalStateException(WAITING_MAX + " transitions wait already");
            }
            KeptTransitions.Kept asked = new KeptTransitions.Kept(lastId + 1, request, principal);
            List<KeptTransitions.Kept> all = new ArrayList<>(unended);
            all.add(asked);
            kept.write(all);
            unended.add(asked);
            lastId++;
            return show(asked).status();
        }
    }

    /** Has it wait for its turn. */
    private TransitionRun show(KeptTransitions.Kept asked) {
        TransitionRun run =
                new TransitionRun(
                        asked.id(),
                        asked.request(),
                        asked.principal(),
                        ledger,
                        blobs,
                        pacer,
                        () -> closing);
        if (!waiting.offer(() -> carryOut(run, asked))) {
            throw new IllegalStateException("more transitions wait than there may");
        }
        shown.add(run);
        if (shown.size() > SHOWN_MAX) {
            shown.removeFirst();
        }
        return run;
    }

    private void carryOut(TransitionRun run, KeptTransitions.Kept asked) {
        run.run();
        if (closing) {
            return;
        }
        synchronized (shown) {
            unended.remove(asked);
            try {
                kept.write(unended);
            } catch (StoreException e) {
                // It is looked at once more after a restart, where nothing is left to move.
                LOG.log(Level.WARNING, "an ended transition is still kept", e);
            }
        }
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
