package io.varve.dr.replica;

import io.varve.journal.RecordReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.projections.namespace.RecordSource;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The journal as an overtaken site had it: what both have, and behind it what was set aside. */
public final class OldHistory implements RecordSource {
    private final RecordSource shared;
    private final SetAside aside;

    /**
     * @param shared has the same records before the first one that was set aside
     */
    public OldHistory(RecordSource shared, SetAside aside) {
        this.shared = shared;
        this.aside = aside;
    }

    @Override
    public long endPosition() {
        return aside.last();
    }

    /** What was set aside is read from its beginning. */
    @Override
    public RecordReader read(long fromPosition) {
        return new Reader(fromPosition);
    }

    /** A record that was set aside, as it was read from the journal. */
    public static JournalRecord decoded(StoredRecord stored) {
        Draft draft = RecordCodec.decode(ByteBuffer.wrap(stored.payload()));
        return new JournalRecord(
                stored.partition(),
                stored.position(),
                stored.timeMicros(),
                stored.writerEpoch(),
                draft.requestId(),
                draft.principal(),
                draft.change());
    }

    private final class Reader implements RecordReader {
        private long next;
        private @Nullable RecordReader before;
        private SetAside.@Nullable Reader behind;
        private final Deque<JournalRecord> decoded = new ArrayDeque<>();

        Reader(long from) {
            next = from;
        }

        @Override
        public List<JournalRecord> next(int maxRecords) {
            List<JournalRecord> page =
                    next < aside.first() ? beforeTheFork(maxRecords) : behindTheFork(maxRecords);
            if (!page.isEmpty()) {
                next = page.getLast().position() + 1;
            }
            return page;
        }

        private List<JournalRecord> beforeTheFork(int maxRecords) {
            RecordReader open = before;
            if (open == null) {
                open = shared.read(next);
                before = open;
            }
            return open.next((int) Math.min(maxRecords, aside.first() - next));
        }

        private List<JournalRecord> behindTheFork(int maxRecords) {
            try {
                SetAside.Reader open = behind;
                if (open == null) {
                    open = aside.open();
                    behind = open;
                }
                List<JournalRecord> page = new ArrayList<>();
                while (page.size() < maxRecords) {
                    if (decoded.isEmpty()) {
                        open.next().forEach(stored -> decoded.add(decoded(stored)));
                    }
                    JournalRecord record = decoded.poll();
                    if (record == null) {
                        break;
                    }
                    if (record.position() >= next) {
                        page.add(record);
                    }
                }
                return page;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot be read: " + aside.file(), e);
            }
        }

        @Override
        public List<JournalRecord> awaitNext(int maxRecords) {
            return next(maxRecords);
        }

        @Override
        public void close() {
            if (before != null) {
                before.close();
            }
            if (behind != null) {
                try {
                    behind.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot be closed: " + aside.file(), e);
                }
            }
        }
    }
}
