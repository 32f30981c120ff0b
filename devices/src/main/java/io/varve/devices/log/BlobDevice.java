package io.varve.devices.log;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobVisitor;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.Fullness;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One device as its pools see it: in this process ({@link DeviceLog}), or on another host.
 *
 * <p>Thread: any. Durability: a write or delete is answered when it is on the device's media.
 * Failure: a device that fails, hangs or cannot be reached answers everything that waits for it
 * with a failure, and its {@link #state} says so. What is asked of one that cannot be reached fails
 * with a {@link DeviceAwayException}, lest silence be taken for absence.
 */
public interface BlobDevice {
    int deviceId();

    /**
     * @throws DeviceAwayException when it is away and was never seen
     */
    DeviceLabel label();

    /** What there is to tell when the device is put to use; null while it is away. */
    DeviceEvent.@Nullable Opened opened();

    /** Makes it take requests; once, before anything is asked of it. */
    void start();

    DeviceState state();

    DeviceStats stats();

    /** How long a batch or read may take before the device counts as failed. */
    Duration hangTimeout();

    /**
     * Whether there is room for a payload of that size; if so it is set aside until {@link #write}
     * is called with the same size, or {@link #giveBack}.
     */
    boolean setAside(int payloadBytes, int tagBytes);

    /** Undoes a {@link #setAside}. */
    void giveBack(int payloadBytes, int tagBytes);

    /**
     * Writes a blob for which room was set aside. Parks while too much waits for the device.
     *
     * @param replace writes it even if it is there, because that copy is damaged
     */
    void write(
            BlobId blobId,
            BlobPayload payload,
            byte[] ownerTag,
            boolean replace,
            LogCallback callback);

    /** Deletes a blob for good if it is there: its id is never used again. */
    void delete(BlobId blobId, LogCallback callback);

    /**
     * Deletes a blob for good; completes with whether it was there, when that is on media.
     *
     * @see #dropCopy
     */
    CompletableFuture<Boolean> delete(BlobId blobId);

    /**
     * Tells a device that has failed of a blob that was deleted meanwhile: it is counted and found
     * no more, though its media have it still. Nothing happens to one that is up, or that keeps no
     * index here.
     */
    default void deletedMeanwhile(BlobId blobId) {}

    /**
     * Has another opening of the device delete what it was told of by {@link
     * #deletedMeanwhile(BlobId)}, first of all that it does.
     *
     * @param back not started yet
     */
    default void deleteMissed(BlobDevice back) {}

    /**
     * Deletes this copy of a blob that lives on elsewhere; completes as {@link #delete(BlobId)}
     * does. Only what the device tells of its tombstones is different.
     */
    CompletableFuture<Boolean> dropCopy(BlobId blobId);

    /** The payload length of a blob, -1 when it is not here. */
    int lengthBytes(BlobId blobId);

    /**
     * Reads a range of a blob.
     *
     * @return the verified bytes, in the scratch or in memory of their own; fewer or none at the
     *     end of the blob
     * @throws BlobMissingException when it is not here
     * @throws BlobDamagedException when the copy is not what was written
     */
    ByteBuffer read(BlobId blobId, int offset, int length, ReadScratch scratch);

    /**
     * Reads a range of a blob without ever waiting for the device.
     *
     * @return null unless all of it is at hand; then {@link #read} has it, or says why not
     */
    @Nullable ByteBuffer readCached(BlobId blobId, int offset, int length, ReadScratch scratch);

    /** The tag that a blob was written with. */
    byte[] ownerTag(BlobId blobId, ReadScratch scratch);

    /** Shows each blob once that is there throughout; others may or may not be shown. */
    void list(BlobVisitor visitor);

    /**
     * As {@link #list(BlobVisitor)}, one part of the blobs; a blob is in one part on all devices.
     */
    void list(int part, BlobVisitor visitor);

    /** Says how long a read took that had to wait for the device. */
    void readTook(long nanos);

    /** How long such reads take of late; 0 before the first. */
    long readNanos();

    /** How long to wait for a read before another copy is asked too. */
    long patienceNanos();

    /**
     * Says how full the device is by the limits of its set; does not keep writes from it here.
     *
     * @param leftBytes what may be written from now until it is full
     */
    void filled(Fullness now, double usedShare, long leftBytes);

    /** Whether it is full, or so much was written since it was looked at that it may be. */
    boolean full();

    /** Says whether the device is much slower than others of late. */
    void compared(boolean isSlow);

    boolean slow();

    /**
     * Counts the blobs into a tally, in place of an earlier one of its pool, and keeps it exact.
     */
    void keep(GroupTally tally);

    /** The tally kept for a pool; null when none is, or when it cannot be asked for. */
    @Nullable GroupTally tally(int poolId);

    /** Whether the device has been at one batch since before that moment. */
    boolean busySince(long nanos);

    /** Ends what waits, because the device hangs or is to be set aside. */
    void abandon(String reason);

    /** Why nothing is written any more; null while it is. */
    @Nullable DeviceFailedException failure();

    /** To be called every second or so. */
    void tick() throws IOException;

    /** How far a pool's scrub of the device is. */
    ScrubMark scrubMark(int poolId) throws IOException;

    /** Keeps how far it is. */
    void mark(int poolId, ScrubMark mark) throws IOException;

    /** Makes copies of the label good again that were damaged since the device was opened. */
    void repairLabel() throws IOException;

    /**
     * Looks at what is otherwise read only when the device is opened, and makes it good: a segment
     * with damage in header or footer is emptied, or its header written again.
     *
     * @return how many segments were damaged
     */
    int repairSegments();

    /**
     * Completes what was taken, then lets go of the device, without being held up by one that
     * hangs.
     *
     * @return whether nothing touches the device any more
     */
    boolean closeWithin(Duration timeout);

    /** As {@link #closeWithin}, for a device that its set no longer has, wherever it is. */
    default boolean removeWithin(Duration timeout) {
        return closeWithin(timeout);
    }
}
