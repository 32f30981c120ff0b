package io.varve.projections.namespace;

import io.varve.journal.Journal;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;
import io.varve.journal.tail.EndSignal;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewException;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;
import io.varve.projections.identity.IdentityMemory;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.topology.TopologyMemory;
import io.varve.projections.topology.TopologyView;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The live namespace: appends changes to the journal, applies the journal's records in order on a
 * thread of its own, and tells each change its outcome.
 *
 * <p>{@link #submit} and the {@link #view} are safe for many threads. What an outcome was told for
 * is durable and visible to every later question. When applying fails, everything that waits and
 * everything that comes later fails too: a view that has stopped answers no change.
 */
public final class NamespaceHost implements AutoCloseable {
    private final Journal journal;
    private final ViewStore store;
    private final NamespaceConfig config;
    private final Consumer<ViewEvent> events;
    private final BucketCache buckets;
    private final StoredView view;
    private final IdentityMemory identity;
    private final TopologyMemory topology;
    private final Map<RequestId, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final RecordReader records;
    private final Thread applier;
    private final long startNanos = System.nanoTime();
    private final long startPosition;
    private final long endPosition;

    private final EndSignal applied;
    private final NavigableMap<Long, CompletableFuture<Checkpoint>> stops =
            new ConcurrentSkipListMap<>();
    private volatile Checkpoint published;
    private volatile @Nullable RuntimeException stopped;

    /** Owned by the applier, as all of the fold. */
    private final Namespace namespace;

    private final Checkpoint checkpoint;

    private int unflushedCount;

    /**
     * Opens the namespace over a store, replays what it is missing, and returns once it has caught
     * up with the journal.
     *
     * @param store is closed with the host, also when this fails
     * @throws io.varve.projections.ViewDamagedException when the store is not a view of this
     *     journal
     */
    public static NamespaceHost open(
            Journal journal, ViewStore store, NamespaceConfig config, Consumer<ViewEvent> events) {
        NamespaceHost host;
        try {
            host = new NamespaceHost(journal, store, config, events);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        host.start();
        return host;
    }

    /**
     * As above, over the store in a directory. One that cannot be opened, or fails its checks, or
     * was made from another journal, is set aside and made anew from the journal before this
     * returns.
     */
    public static NamespaceHost open(
            Journal journal,
            ViewDirectory directory,
            RocksConfig rocks,
            NamespaceConfig config,
            Consumer<ViewEvent> events) {
        Consumer<ViewDamagedException> onDamage =
                damage -> events.accept(new ViewEvent.Damaged(String.valueOf(damage.getMessage())));
        try {
            return open(journal, directory.openLive(rocks, onDamage), config, events);
        } catch (ViewDamagedException e) {
            Path movedTo = directory.setLiveAside();
            events.accept(new ViewEvent.SetAside(movedTo, String.valueOf(e.getMessage())));
            return open(journal, directory.openLive(rocks, onDamage), config, events);
        }
    }

    private NamespaceHost(
            Journal journal, ViewStore store, NamespaceConfig config, Consumer<ViewEvent> events) {
        this.journal = journal;
        this.store = store;
        this.config = config;
        this.events = events;
        ViewBatch batch = new ViewBatch(store);
        namespace = new Namespace(batch);
        startPosition = batch.checkpoint().position();
        applied = new EndSignal(startPosition);
        endPosition = journal.endPosition();
        checkpoint = batch.checkpoint();
        published = checkpoint;
        JournalTail.check(RecordSource.of(journal), checkpoint);
        buckets = new BucketCache(store);
        view = new StoredView(store, buckets, applied::position);
        identity = IdentityMemory.load(store);
        topology = TopologyMemory.load(store);
        records = journal.read(startPosition + 1);
        applier = Thread.ofPlatform().name("varve-namespace").unstarted(this::applyForever);
    }

    private void start() {
        events.accept(new ViewEvent.Opened(startPosition, endPosition));
        applier.start();
        tellCaughtUp();
        try {
            caughtUp.join();
        } catch (CompletionException e) {
            close();
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new ViewException("namespace did not start", e);
        }
        long durationMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        events.accept(new ViewEvent.CaughtUp(endPosition - startPosition, durationMs));
    }

    public NamespaceView view() {
        return view;
    }

    public IdentityView identity() {
        return identity;
    }

    public TopologyView topology() {
        return topology;
    }

    /**
     * Appends a change and applies it. The outcome comes once the record is durable and applied.
     * The future fails with a {@link JournalException} when the record did not become durable, and
     * with a {@link ViewException} when it did but cannot be applied here any more. A request that
     * is still under way is joined, not appended again.
     *
     * <p>What is chained to the future runs on the applying thread and must not block.
     */
    public CompletableFuture<Outcome> submit(Draft draft) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        CompletableFuture<Outcome> underWay = waiting.putIfAbsent(draft.requestId(), outcome);
        if (underWay != null) {
            return underWay;
        }
        // Whoever stops says so first and then empties the map, so one of the two sees the other.
        RuntimeException reason = stopped;
        if (reason != null) {
            fail(draft.requestId(), outcome, reason);
            return outcome;
        }
        try {
            var unused =
                    journal.append(draft)
                            .whenComplete(
                                    (record, fault) -> {
                                        if (fault != null) {
                                            fail(draft.requestId(), outcome, fault);
                                        }
                                    });
        } catch (RuntimeException e) {
            fail(draft.requestId(), outcome, e);
        }
        return outcome;
    }

    /**
     * Waits until a position is applied that is durable, or will be.
     *
     * @throws ViewException when nothing is applied any more
     */
    public void awaitApplied(long position) throws InterruptedException {
        applied.await(position, () -> false);
        if (applied.position() < position) {
            throw new ViewException(
                    "position %d is not applied: the view has stopped at %d"
                            .formatted(position, applied.position()));
        }
    }

    /** Where the view stands, and the digest of what it holds there. */
    public Checkpoint published() {
        return published;
    }

    /**
     * The digest of what the view holds at a position, once it is there. Fails when it has passed
     * it, or stops before.
     */
    public CompletableFuture<Checkpoint> publishedAt(long position) {
        CompletableFuture<Checkpoint> wanted =
                stops.computeIfAbsent(position, p -> new CompletableFuture<>());
        // Whoever applies looks for stops after it has published, so one of the two sees the other.
        Checkpoint now = published;
        if (now.position() >= position && stops.remove(position, wanted)) {
            if (now.position() == position) {
                wanted.complete(now);
            } else {
                wanted.completeExceptionally(passed(position));
            }
        }
        RuntimeException reason = stopped;
        if (reason != null) {
            wanted.completeExceptionally(reason);
        }
        return wanted;
    }

    /** What the view holds now; must be closed before the host. */
    public ViewSnapshot snapshot() {
        return store.snapshot();
    }

    /**
     * What the view holds at a position, once it is there. Fails when it has passed it, or stops
     * before.
     */
    public CompletableFuture<ViewSnapshot> snapshotAt(long position) {
        return publishedAt(position).thenApply(reached -> snapshotOf(reached.position()));
    }

    /** On the applying thread nothing comes in between; on another one it may have. */
    private ViewSnapshot snapshotOf(long position) {
        ViewSnapshot snapshot = store.snapshot();
        if (Checkpoint.read(snapshot).position() != position) {
            snapshot.close();
            throw passed(position);
        }
        return snapshot;
    }

    private void fail(RequestId id, CompletableFuture<Outcome> outcome, Throwable fault) {
        waiting.remove(id, outcome);
        outcome.completeExceptionally(fault);
    }

    private void applyForever() {
        try {
            // Not before: a view that lacks nothing can be read meanwhile.
            JournalTail.recall(RecordSource.of(journal), checkpoint, namespace);
            while (true) {
                List<JournalRecord> next = records.awaitNext(config.batchRecordCountMax());
                if (next.isEmpty()) {
                    stop(new JournalException("journal was closed"));
                    return;
                }
                applyUpToStops(next);
                tellCaughtUp();
            }
        } catch (InterruptedException e) {
            stop(new ViewException("applying was interrupted", e));
        } catch (RuntimeException | Error e) {
            String message = "namespace cannot go on after " + applied.position();
            ViewException fault =
                    e instanceof ViewDamagedException
                            ? new ViewDamagedException(message, e)
                            : new ViewException(message, e);
            stop(fault);
            events.accept(new ViewEvent.Failed(fault));
        }
    }

    /** A batch ends where somebody wants to know the digest. */
    private void applyUpToStops(List<JournalRecord> next) {
        List<JournalRecord> rest = next;
        Long stop = stops.ceilingKey(rest.getFirst().position());
        while (stop != null && stop < rest.getLast().position()) {
            int count = (int) (stop - rest.getFirst().position() + 1);
            applyAll(rest.subList(0, count));
            rest = rest.subList(count, rest.size());
            stop = stops.higherKey(stop);
        }
        applyAll(rest);
    }

    private void tellStops(Checkpoint reached) {
        Map<Long, CompletableFuture<Checkpoint>> due = stops.headMap(reached.position(), true);
        for (Map.Entry<Long, CompletableFuture<Checkpoint>> stop : due.entrySet()) {
            if (stop.getKey() == reached.position()) {
                stop.getValue().complete(reached);
            } else {
                stop.getValue().completeExceptionally(passed(stop.getKey()));
            }
        }
        due.clear();
    }

    private ViewException passed(long position) {
        return new ViewException(
                "position %d is behind the view, which is at %d"
                        .formatted(position, published.position()));
    }

    private void applyAll(List<JournalRecord> next) {
        List<Outcome> outcomes = new ArrayList<>(next.size());
        for (JournalRecord record : next) {
            outcomes.add(namespace.apply(record));
        }
        Namespace.Commit commit = namespace.commit(next.getLast());
        buckets.publish(commit);
        identity.publish(commit.identity());
        topology.publish(commit.topology());
        published = commit.checkpoint();
        applied.advance(published.position());
        tellStops(published);
        for (int i = 0; i < next.size(); i++) {
            CompletableFuture<Outcome> outcome = waiting.remove(next.get(i).requestId());
            if (outcome != null) {
                outcome.complete(outcomes.get(i));
            }
        }
        unflushedCount += next.size();
        if (unflushedCount >= config.flushRecordCount()) {
            unflushedCount = 0;
            store.startFlush();
        }
    }

    private void tellCaughtUp() {
        if (applied.position() >= endPosition) {
            caughtUp.complete(null);
        }
    }

    private void stop(RuntimeException reason) {
        stopped = reason;
        applied.close();
        stops.values().forEach(stop -> stop.completeExceptionally(reason));
        caughtUp.completeExceptionally(reason);
        waiting.forEach((id, outcome) -> fail(id, outcome, reason));
    }

    /** Stops applying, fails what still waits, and closes the store. The journal stays open. */
    @Override
    public void close() {
        records.close();
        boolean interrupted = false;
        while (applier.isAlive()) {
            try {
                applier.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        store.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
