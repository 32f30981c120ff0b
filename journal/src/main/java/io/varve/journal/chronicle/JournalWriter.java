package io.varve.journal.chronicle;

import static io.varve.journal.frame.FrameDescriptor.HEADER_LENGTH;

import io.varve.journal.JournalException;
import io.varve.journal.JournalFullException;
import io.varve.journal.StoredRecord;
import io.varve.journal.chronicle.MirrorLabel.Mark;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.tail.EndSignal;
import io.varve.journal.tail.TailRing;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Gives records their places and makes them durable: takes all drafts that wait, frames them, has
 * the mirrors write and sync them, then answers in order. While it syncs, the next batch gathers,
 * so that the more callers there are the more of them share a sync.
 *
 * <p>Everything but {@link #submit} and {@link #close} runs on the writer's own thread. Once a
 * batch could not be made durable, nothing later is taken: its records may or may not be on media,
 * and only a recovery can tell.
 */
final class JournalWriter implements Runnable {

    /**
     * A draft that waits for its place.
     *
     * @param stored the place it has already, at another site; null for one to be given
     */
    private record Pending(
            Draft draft,
            byte[] payload,
            @Nullable StoredRecord stored,
            CompletableFuture<JournalRecord> durable) {}

    private final JournalConfig config;
    private final JournalLimits limits;
    private final FrameRules rules;
    private final InstantSource clock;
    private final Consumer<JournalEvent> events;
    private final MirrorSet mirrors;
    private final TailRing tail;
    private final EndSignal end;
    private final Runnable cycleClosed;
    private volatile long writerEpoch;
    private final ChainHash chain;

    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore slots;
    private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile @Nullable JournalException failure;

    private long nextPosition;
    private long lastTimeMicros;
    private long nextCycle;
    private long cycleBytes;
    private long markedPosition;
    private @Nullable Pending heldOver;

    /**
     * @param recovered where the history ends that the mirrors agree on
     * @param cycleClosed called when a new cycle has begun
     */
    JournalWriter(
            JournalConfig config,
            MirrorSet mirrors,
            TailRing tail,
            EndSignal end,
            RecoveredEnd recovered,
            Runnable cycleClosed) {
        this.config = config;
        this.limits = config.limits();
        this.rules = FrameRules.of(config.siteId(), limits);
        this.clock = config.clock();
        this.events = config.events();
        this.mirrors = mirrors;
        this.tail = tail;
        this.end = end;
        this.cycleClosed = cycleClosed;
        this.writerEpoch = recovered.writerEpoch();
        this.chain = new ChainHash(recovered.mark().chain());
        this.nextPosition = recovered.mark().position() + 1;
        this.markedPosition = recovered.mark().position();
        this.lastTimeMicros = recovered.lastTimeMicros();
        this.nextCycle = recovered.nextCycle();
        this.slots = new Semaphore(limits.maxPendingRecords());
        this.thread = new Thread(this, "journal-writer");
    }

    /** Returns when the first cycle file is open. */
    void start() {
        thread.setDaemon(true);
        thread.start();
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof JournalException known
                    ? known
                    : new JournalException("journal cannot be started: " + e.getCause(), e);
        }
    }

    /** Any thread; blocks while too many appends wait. */
    CompletableFuture<JournalRecord> submit(Draft draft, byte[] payload) {
        return submit(draft, payload, null);
    }

    /** As above, for a record that has its place: the next one, or all that follows fails. */
    CompletableFuture<JournalRecord> submitStored(StoredRecord record, Draft draft) {
        return submit(draft, record.payload(), record);
    }

    /** Later records have this epoch. Only while none waits. */
    void beginEpoch(long epoch) {
        writerEpoch = epoch;
    }

    long writerEpoch() {
        return writerEpoch;
    }

    private CompletableFuture<JournalRecord> submit(
            Draft draft, byte[] payload, @Nullable StoredRecord stored) {
        CompletableFuture<JournalRecord> durable = new CompletableFuture<>();
        if (closing) {
            durable.completeExceptionally(refusal());
            return durable;
        }
        slots.acquireUninterruptibly();
        waiting.add(new Pending(draft, payload, stored, durable));
        if (ended) {
            failWaiting();
        } else if (parked) {
            LockSupport.unpark(thread);
        }
        return durable;
    }

    @Override
    public void run() {
        try {
            startCycle();
            started.complete(null);
            while (commitNext()) {
                // One turn is one batch.
            }
            mirrors.seal(new Mark(nextPosition - 1, chain.end()));
        } catch (Throwable e) {
            fail(e);
            started.completeExceptionally(e);
            mirrors.abandon();
        } finally {
            closing = true;
            ended = true;
            end.close();
            if (heldOver != null) {
                waiting.add(heldOver);
            }
            failWaiting();
        }
    }

    /** Waits for drafts and commits as many as fit; false when closed and all is done. */
    private boolean commitNext() {
        Pending first = awaitFirst();
        if (first == null) {
            return false;
        }
        StoredRecord stored = first.stored();
        if (stored != null && stored.position() != nextPosition) {
            // One before it was refused for lack of space.
            slots.release();
            first.durable()
                    .completeExceptionally(
                            new JournalException("%s, next is %d".formatted(stored, nextPosition)));
            return true;
        }
        List<Pending> batch = gather(first);
        long bytes = batchBytes(batch);
        long space = ChronicleCycleAppender.spaceFor(batch.size(), bytes);
        if (mirrors.makeRoom(space + limits.zeroStepBytes())) {
            commit(batch, (int) bytes);
        } else {
            commitWithinReserve(batch);
        }
        return true;
    }

    private @Nullable Pending awaitFirst() {
        long idleSince = System.nanoTime();
        while (true) {
            Pending first = heldOver != null ? heldOver : waiting.poll();
            heldOver = null;
            if (first != null) {
                return first;
            }
            if (closing) {
                return null;
            }
            parked = true;
            if (waiting.isEmpty() && !closing) {
                park(idleSince);
            }
            parked = false;
        }
    }

    /** Until there is something to do; when nothing comes for a while, the labels are told. */
    private void park(long idleSince) {
        if (markedPosition == nextPosition - 1) {
            LockSupport.park(this);
            return;
        }
        long interval = TimeUnit.MILLISECONDS.toNanos(limits.markIntervalMs());
        long left = interval - (System.nanoTime() - idleSince);
        if (left > 0) {
            // Returns at once when woken for what an earlier look has taken already.
            LockSupport.parkNanos(this, left);
        } else {
            markWhenIdle();
        }
    }

    /**
     * With nothing to do, says in the labels that all is durable, so that rot is told from tears.
     */
    private void markWhenIdle() {
        if (waiting.isEmpty() && !closing) {
            mirrors.mark(new Mark(nextPosition - 1, chain.end()));
            markedPosition = nextPosition - 1;
        }
    }

    private List<Pending> gather(Pending first) {
        List<Pending> batch = new ArrayList<>();
        batch.add(first);
        long bytes = first.payload().length;
        while (batch.size() < limits.maxBatchRecords()) {
            Pending next = waiting.poll();
            if (next == null) {
                break;
            }
            bytes += next.payload().length;
            if (bytes > limits.maxBatchBytes()) {
                heldOver = next;
                break;
            }
            batch.add(next);
        }
        return batch;
    }

    private static long batchBytes(List<Pending> batch) {
        long bytes = 0;
        for (Pending pending : batch) {
            bytes += HEADER_LENGTH + pending.payload().length;
        }
        return bytes;
    }

    /** The disk is full: only what frees space is taken, as long as the reserve lasts. */
    private void commitWithinReserve(List<Pending> batch) {
        List<Pending> freeing = new ArrayList<>();
        for (Pending pending : batch) {
            // What another site has placed keeps its order: none can be left out.
            if (pending.stored() == null && SpaceRules.freesSpace(pending.draft().change())) {
                freeing.add(pending);
            } else {
                refuseForSpace(pending);
            }
        }
        long bytes = batchBytes(freeing);
        if (mirrors.hasRoom(ChronicleCycleAppender.spaceFor(freeing.size(), bytes))) {
            if (!freeing.isEmpty()) {
                commit(freeing, (int) bytes);
            }
        } else {
            freeing.forEach(this::refuseForSpace);
        }
    }

    private void refuseForSpace(Pending pending) {
        slots.release();
        pending.durable()
                .completeExceptionally(
                        new JournalFullException(
                                "journal has no space left: directories=" + config.directories()));
    }

    private void commit(List<Pending> batch, int bytes) {
        List<JournalRecord> records = new ArrayList<>(batch.size());
        CycleStart newCycle = null;
        if (cycleBytes >= limits.cycleBytes() && mirrors.canStartCycle(bytes)) {
            newCycle = nextCycleStart();
            cycleBytes = 0;
        }
        FrameBatch frames = frame(batch, bytes, newCycle, records);
        cycleBytes += frames.spaceBytes();
        try {
            mirrors.commit(frames);
        } catch (RuntimeException e) {
            failAll(batch, e);
            throw e;
        }
        publish(batch, records, frames);
    }

    private FrameBatch frame(
            List<Pending> batch,
            int length,
            @Nullable CycleStart newCycle,
            List<JournalRecord> records) {
        byte[] bytes = new byte[length];
        int[] ends = new int[batch.size()];
        long now = nowMicros();
        long synced = mirrors.syncedEverywhere();
        int offset = 0;
        for (int i = 0; i < ends.length; i++) {
            Pending pending = batch.get(i);
            StoredRecord stored = pending.stored();
            JournalRecord record =
                    stored == null ? place(pending.draft(), now) : placed(pending.draft(), stored);
            byte[] payload = pending.payload();
            FrameDescriptor.putHeader(
                    bytes,
                    offset,
                    FrameDescriptor.KIND_RECORD,
                    payload.length,
                    record.position(),
                    record.timeMicros(),
                    record.writerEpoch(),
                    synced,
                    record.partition());
            System.arraycopy(payload, 0, bytes, offset + HEADER_LENGTH, payload.length);
            chain.append(bytes, offset);
            requireSame(stored);
            rules.putCrc(bytes, offset);
            offset += HEADER_LENGTH + payload.length;
            ends[i] = offset;
            records.add(record);
        }
        return new FrameBatch(newCycle, bytes, ends, new Mark(nextPosition - 1, chain.end()));
    }

    private JournalRecord place(Draft draft, long nowMicros) {
        lastTimeMicros = Math.max(nowMicros, lastTimeMicros + 1);
        return new JournalRecord(
                ChronicleJournal.PARTITION,
                nextPosition++,
                lastTimeMicros,
                writerEpoch,
                draft.requestId(),
                draft.principal(),
                draft.change());
    }

    private JournalRecord placed(Draft draft, StoredRecord stored) {
        nextPosition++;
        lastTimeMicros = stored.timeMicros();
        return new JournalRecord(
                stored.partition(),
                stored.position(),
                stored.timeMicros(),
                stored.writerEpoch(),
                draft.requestId(),
                draft.principal(),
                draft.change());
    }

    /** What was checked when it was taken must be what is written. */
    private void requireSame(@Nullable StoredRecord stored) {
        if (stored != null && !Arrays.equals(stored.chain(), chain.end())) {
            throw new JournalException("chain hash mismatch: " + stored);
        }
    }

    /** Readers first, then the callers, who will want to see what the readers make of it. */
    private void publish(List<Pending> batch, List<JournalRecord> records, FrameBatch frames) {
        for (int i = 0; i < records.size(); i++) {
            tail.add(records.get(i), frames.frameLength(i));
        }
        end.advance(frames.end().position());
        for (int i = 0; i < records.size(); i++) {
            slots.release();
            batch.get(i).durable().complete(records.get(i));
        }
        if (frames.newCycle() != null) {
            tellOf(frames.newCycle());
        }
    }

    private void startCycle() {
        CycleStart start = nextCycleStart();
        mirrors.commit(
                new FrameBatch(
                        start, new byte[0], new int[0], new Mark(nextPosition - 1, chain.end())));
        tellOf(start);
    }

    private void tellOf(CycleStart start) {
        events.accept(new JournalEvent.CycleStarted(start.cycle(), start.firstPosition()));
        cycleClosed.run();
    }

    private CycleStart nextCycleStart() {
        lastTimeMicros = Math.max(nowMicros(), lastTimeMicros);
        return new CycleStart(
                config.siteId(),
                ChronicleJournal.PARTITION,
                nextCycle++,
                nextPosition,
                lastTimeMicros,
                writerEpoch,
                chain.end());
    }

    private long nowMicros() {
        Instant now = clock.instant();
        return Math.addExact(
                Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }

    private void fail(Throwable cause) {
        failure =
                cause instanceof JournalException known
                        ? known
                        : new JournalException("journal writer failed: " + cause, cause);
    }

    private void failAll(List<Pending> batch, Throwable cause) {
        fail(cause);
        for (Pending pending : batch) {
            slots.release();
            pending.durable().completeExceptionally(refusal());
        }
    }

    /** Once the writer has ended, whoever adds to the queue empties it; any thread may. */
    private void failWaiting() {
        for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
            slots.release();
            next.durable().completeExceptionally(refusal());
        }
    }

    private JournalException refusal() {
        JournalException cause = failure;
        return cause == null
                ? new JournalException("journal is closed")
                : new JournalException(
                        "journal takes no more records: " + cause.getMessage(), cause);
    }

    /** Has what waits committed, seals the files and returns when the thread has ended. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
