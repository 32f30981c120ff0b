package io.varve.dr.replica;

import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a primary has and its standby does not, counted to the byte.
 *
 * <pre>
 *            standby                      counted        end of the journal
 *   ------------|------m------m------m-------|..............|
 *               '------- marks: bytes -------'  read later
 * </pre>
 *
 * <p>Every record is counted once: as it is sent, if the standby keeps up, or by reading ahead, as
 * far as the time allows that a call has for it. Between the marks it is read again when the
 * standby confirms a position in the middle. What is known is lost with the process, and counted
 * anew from where the standby is then. Safe for use by many threads.
 */
public final class Backlog implements AutoCloseable {
    private static final int STEP_RECORDS = 1024;
    private static final long STEP_BYTES = 4L << 20;

    private final StoredJournal journal;
    private final ReentrantLock lock = new ReentrantLock();

    /** By position: what had been counted through it. The first one is where the standby is. */
    private final TreeMap<Long, Mark> marks = new TreeMap<>();

    private @Nullable StoredReader reader;
    private boolean closed;

    /**
     * @param bytes of all records counted so far, this one included
     * @param nextMicros time of the record behind it; 0 while that was not counted
     */
    private record Mark(long bytes, long nextMicros) {}

    /**
     * What the standby lacks.
     *
     * @param standbyPosition up to where it has everything; -1 when it has not said so yet
     * @param endPosition of the journal
     * @param bytes of payloads and blobs; {@link RecordBatch#NOT_COUNTED} while that is counted
     * @param oldestMicros record time of the oldest record that it lacks; 0 for none or not known
     */
    public record Now(long standbyPosition, long endPosition, long bytes, long oldestMicros) {
        public long records() {
            return standbyPosition < 0 ? -1 : Math.max(0, endPosition - standbyPosition);
        }
    }

    public Backlog(StoredJournal journal) {
        this.journal = journal;
    }

    /** The standby has everything up to a position on media. */
    public void standbyHas(long position) {
        lock.lock();
        try {
            if (marks.isEmpty() || position < marks.firstKey() || position > marks.lastKey()) {
                marks.clear();
                marks.put(position, new Mark(0, 0));
                return;
            }
            if (!marks.containsKey(position)) {
                countBetween(position);
            }
            marks.headMap(position, false).clear();
        } finally {
            lock.unlock();
        }
    }

    /** Records were read that are on their way to the standby. */
    public void sent(List<StoredRecord> records) {
        lock.lock();
        try {
            if (!marks.isEmpty() && !records.isEmpty()) {
                List<StoredRecord> fresh =
                        records.stream().filter(r -> r.position() > marks.lastKey()).toList();
                if (!fresh.isEmpty() && fresh.getFirst().position() == marks.lastKey() + 1) {
                    count(fresh);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the standby lacks at this moment.
     *
     * @param patienceMs how long it may count; when that is not enough a later call goes on
     */
    public Now now(long patienceMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        lock.lock();
        try {
            long end = journal.endPosition();
            if (marks.isEmpty() || closed) {
                return new Now(-1, end, RecordBatch.NOT_COUNTED, 0);
            }
            boolean more = true;
            while (more && marks.lastKey() < end && System.nanoTime() - deadline < 0) {
                more = readOn();
            }
            end = Math.max(end, marks.lastKey());
            Map.Entry<Long, Mark> first = marks.firstEntry();
            boolean whole = marks.lastKey() == end;
            return new Now(
                    first.getKey(),
                    end,
                    whole
                            ? marks.lastEntry().getValue().bytes() - first.getValue().bytes()
                            : RecordBatch.NOT_COUNTED,
                    end > first.getKey() ? first.getValue().nextMicros() : 0);
        } finally {
            lock.unlock();
        }
    }

    private boolean readOn() {
        long next = marks.lastKey() + 1;
        StoredReader open = reader;
        if (open == null || open.nextPosition() != next) {
            if (open != null) {
                open.close();
            }
            open = journal.stored(next);
            reader = open;
        }
        List<StoredRecord> records = open.next(STEP_RECORDS, STEP_BYTES);
        count(records);
        return !records.isEmpty();
    }

    private void count(List<StoredRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        Map.Entry<Long, Mark> before = marks.lastEntry();
        long bytes = before.getValue().bytes();
        marks.put(before.getKey(), new Mark(bytes, records.getFirst().timeMicros()));
        for (StoredRecord record : records) {
            bytes += RecordBytes.of(record);
        }
        marks.put(records.getLast().position(), new Mark(bytes, 0));
    }

    /** Puts a mark where there is none, between two that are. */
    private void countBetween(long position) {
        Map.Entry<Long, Mark> before = marks.floorEntry(position);
        long bytes = before.getValue().bytes();
        long next = before.getKey() + 1;
        try (StoredReader again = journal.stored(next)) {
            while (next <= position) {
                for (StoredRecord record : again.next((int) (position - next + 1), STEP_BYTES)) {
                    bytes += RecordBytes.of(record);
                    next = record.position() + 1;
                }
            }
            List<StoredRecord> behind = again.next(1, 1);
            marks.put(
                    position,
                    new Mark(bytes, behind.isEmpty() ? 0 : behind.getFirst().timeMicros()));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (reader != null) {
                reader.close();
                reader = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
