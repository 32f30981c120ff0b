package io.varve.journal.frame;

import io.varve.journal.JournalException;
import io.varve.journal.StoredRecord;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Where a journal that follows another one ends: what comes next must go on from there. Not
 * thread-safe.
 */
public final class FollowedEnd {
    private final int partition;
    private final int maxFrameBytes;
    private long position;
    private long writerEpoch;
    private byte[] chain;

    /**
     * @param last null for a journal that holds nothing
     * @param maxFrameBytes no frame of a record may be larger
     */
    public FollowedEnd(int partition, int maxFrameBytes, @Nullable StoredRecord last) {
        this.partition = partition;
        this.maxFrameBytes = maxFrameBytes;
        this.position = last == null ? 0 : last.position();
        this.writerEpoch = last == null ? 0 : last.writerEpoch();
        this.chain = last == null ? ChainHash.genesis() : last.chain().clone();
    }

    /** Of the last record; 0 while there is none. */
    public long writerEpoch() {
        return writerEpoch;
    }

    /**
     * Checks that records go on from here, all of them, and changes nothing.
     *
     * @throws JournalException when one does not
     */
    public void check(List<StoredRecord> records) {
        ChainHash hash = new ChainHash(chain);
        long expected = position + 1;
        long epoch = writerEpoch;
        for (StoredRecord record : records) {
            if (record.position() != expected) {
                throw refused(record, "position %d was expected".formatted(expected));
            }
            if (record.partition() != partition) {
                throw refused(record, "it is of partition " + record.partition());
            }
            if (record.writerEpoch() < epoch) {
                throw refused(record, "its writer epoch is older than " + epoch);
            }
            int length = FrameDescriptor.HEADER_LENGTH + record.payload().length;
            if (length > maxFrameBytes) {
                throw refused(record, "it is too large");
            }
            hash.append(StoredFrames.encode(record), 0);
            if (!Arrays.equals(hash.end(), record.chain())) {
                throw refused(record, "its chain hash is that of another history");
            }
            epoch = record.writerEpoch();
            expected++;
        }
    }

    /** Goes on behind records that were checked and are durable. */
    public void advance(StoredRecord last) {
        position = last.position();
        writerEpoch = last.writerEpoch();
        chain = last.chain().clone();
    }

    private static JournalException refused(StoredRecord record, String reason) {
        return new JournalException("%s does not go on here: %s".formatted(record, reason));
    }
}
