package io.varve.journal;

import java.time.Duration;
import java.util.List;

/**
 * A journal whose records another site can have exactly as they are stored.
 *
 * <p>It leads or it follows. One that <b>leads</b> gives records their places ({@link #append}) and
 * refuses stored ones. One that <b>follows</b> takes stored records only, each of which must go on
 * where the last one ended: the next position, a chain hash that covers its predecessor's, a writer
 * epoch that is not older. So whatever it holds is an exact prefix of what it follows. A journal
 * that follows can begin to lead; to follow again it has to be opened anew.
 */
public interface StoredJournal extends Journal {

    /** Reads from a position on; of what is durable only. */
    StoredReader stored(long fromPosition);

    /**
     * The chain hash at a durable position: equal hashes mean equal histories up to there. At 0 it
     * is 32 zero bytes.
     *
     * @throws IllegalArgumentException when the position is not durable
     * @throws JournalException when it cannot be read
     */
    byte[] chainHash(long position);

    /**
     * Appends stored records, and returns once all of them are on stable media. After a failure
     * some of them may be: {@link #endPosition} says how far it came, and the rest may be given
     * again.
     *
     * @throws JournalFullException when there is no space; nothing is lost by trying again later
     * @throws JournalException when a record does not go on where the last one ended (nothing of
     *     the call was appended), when this journal leads, or when the media fail
     */
    void appendStored(List<StoredRecord> records);

    /**
     * Has a journal that follows lead from here on. Does nothing to one that leads with such an
     * epoch already.
     *
     * @param epochMin the least writer epoch of its records
     * @return their writer epoch: newer than that of every record there is
     * @throws JournalException when it leads with an older epoch
     */
    long lead(long epochMin);

    /** Whether it gives records their places. */
    boolean leads();

    /** The epoch of the records that it gives places to, or of those it last took. */
    long writerEpoch();

    /**
     * Waits until a position is durable.
     *
     * @return whether it is; false when the time is over or the journal was closed
     */
    boolean awaitDurable(long position, Duration timeout) throws InterruptedException;
}
