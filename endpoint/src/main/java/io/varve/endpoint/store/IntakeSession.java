package io.varve.endpoint.store;

import io.varve.devices.BlobId;
import io.varve.endpoint.store.BufferPool.Lease;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

/**
 * One body on its way to the devices. Whoever opens one says {@link #keep} once a record names its
 * blobs, or {@link #leave} when one may do so; otherwise closing it leaves nothing of the body.
 *
 * <pre>
 *  receive   | blob 1 | blob 2 | blob 3 |
 *  hash               | blob 1 | blob 2 | blob 3 |       (one after the other: MD5 is a chain)
 *  write              | blob 1    | blob 2  | blob 3  |  (each beside its own hashing)
 * </pre>
 *
 * Owned by one thread, the request's. Small blobs are hashed on it while their write is under way;
 * large ones on the hashing threads, while it receives the next. A buffer goes back to the pool
 * when its blob is both hashed and written.
 */
final class IntakeSession implements AutoCloseable {
    private static final int HASH_INLINE_MAX_BYTES = BufferPool.FIRST_MAX_BYTES;

    /**
     * A manifest has some multiple of this many blobs at the most, however short memory is: some
     * hundred KiB of a record that may have a MiB.
     */
    private static final int BLOBS_AIM = 4096;

    private final BufferPool buffers;
    private final Blobs blobs;
    private final Hashing hashing;
    private final int blobsInFlightMax;
    private final OwnerTag.Body owner;
    private final long writeId;
    private final int poolId;

    private final MessageDigest md5;
    private final List<SentBlob> sent = new ArrayList<>();
    private final ArrayDeque<SentBlob> inFlight = new ArrayDeque<>();

    /** Completes when all blobs sent so far are in the MD5. */
    private CompletableFuture<Void> hashed = CompletableFuture.completedFuture(null);

    private @Nullable Lease filling;
    private int filledBytes;
    private long sentBytes;
    private Fate fate = Fate.TO_DROP;

    /** What is to become of the blobs. */
    private enum Fate {
        TO_DROP,
        NAMED,
        UNCERTAIN
    }

    IntakeSession(
            BufferPool buffers,
            Blobs blobs,
            Hashing hashing,
            int blobsInFlightMax,
            OwnerTag.Body owner,
            long writeId,
            int poolId) {
        this.buffers = buffers;
        this.blobs = blobs;
        this.hashing = hashing;
        this.blobsInFlightMax = blobsInFlightMax;
        this.owner = owner;
        this.writeId = writeId;
        this.poolId = poolId;
        this.md5 = hashing.borrowMd5();
    }

    /**
     * @param written as the devices tell it
     * @param done also hashed; its buffer has gone back to the pool then
     */
    private record SentBlob(CompletableFuture<BlobId> written, CompletableFuture<BlobRef> done) {}

    /**
     * Reads the body to its end. The future completes once all its blobs are durable, on a thread
     * of the devices: so what is chained to it needs no turn of the request's own thread, and must
     * not wait.
     */
    CompletableFuture<Stored> receive(ObjectBody body) throws IOException {
        InputStream in = body.stream();
        long hintBytes = body.lengthBytes() < 0 ? BufferPool.FIRST_MAX_BYTES : body.lengthBytes();
        int pending = in.read();
        while (pending >= 0) {
            pending = receiveBlob(in, (byte) pending, hintBytes);
            hintBytes = BufferPool.FIRST_MAX_BYTES;
        }
        hashed.join();
        byte[] digest = md5.digest();
        body.verifyMd5(digest);
        String hex = HexFormat.of().formatHex(digest);
        return manifest().thenApply(manifest -> new Stored(manifest, hex));
    }

    /** What was received has an owner: the view has applied the record that names it. */
    void keep() {
        fate = Fate.NAMED;
    }

    /** What was received may have an owner: it stays, and is no leftover to this process. */
    void leave() {
        fate = Fate.UNCERTAIN;
    }

    /**
     * Fills and sends one blob that starts with a byte already read.
     *
     * @return the first byte of the next blob, or -1 at the end of the body
     */
    private int receiveBlob(InputStream in, byte first, long hintBytes) throws IOException {
        Lease lease = buffers.acquire(hintBytes);
        filling = lease;
        lease.array()[0] = first;
        filledBytes = 1;
        while (true) {
            int room = lease.array().length - filledBytes;
            int count = room == 0 ? 0 : in.read(lease.array(), filledBytes, room);
            if (count < 0) {
                send(lease, true);
                return -1;
            }
            filledBytes += count;
            if (filledBytes < lease.array().length) {
                continue;
            }
            // Full: is it also the end? Ask with one byte before taking a bigger buffer for
            // nothing.
            int next = in.read();
            Lease grown = next < 0 ? null : grow(lease);
            if (grown == null) {
                send(lease, next < 0);
                return next;
            }
            lease = grown;
            filling = grown;
            grown.array()[filledBytes++] = (byte) next;
        }
    }

    /**
     * Null when the blob is to be sent as it is: it has its full size, or memory is short although
     * nothing of this body is in flight any more. But then small blobs only as long as there are
     * not so many of them that the record would become too large.
     */
    private @Nullable Lease grow(Lease lease) {
        while (lease.array().length < buffers.largestBytes()) {
            Lease grown = buffers.tryGrow(lease, filledBytes);
            if (grown != null) {
                return grown;
            }
            if (inFlight.isEmpty()) {
                return filledBytes >= sentBytes / BLOBS_AIM
                        ? null
                        : buffers.grow(lease, filledBytes);
            }
            awaitOldest();
        }
        return null;
    }

    private void send(Lease lease, boolean last) {
        while (inFlight.size() >= blobsInFlightMax) {
            awaitOldest();
        }
        filling = null;
        int length = filledBytes;
        byte[] tag = owner.blob(writeId, sentBytes, length, last).bytes();
        CompletableFuture<BlobId> written =
                blobs.write(poolId, ByteBuffer.wrap(lease.array(), 0, length), tag);
        CompletableFuture<Integer> crc = hash(lease.array(), length);
        CompletableFuture<BlobRef> done =
                written.thenCombine(crc, (id, sum) -> new BlobRef(id.high(), id.low(), length, sum))
                        .whenComplete((ref, failure) -> lease.release());
        SentBlob blob = new SentBlob(written, done);
        sent.add(blob);
        sentBytes += length;
        inFlight.add(blob);
    }

    private CompletableFuture<Integer> hash(byte[] array, int length) {
        if (length <= HASH_INLINE_MAX_BYTES) {
            hashed.join();
            return CompletableFuture.completedFuture(digest(array, length));
        }
        CompletableFuture<Integer> crc =
                hashed.thenApplyAsync(nothing -> digest(array, length), hashing.threads());
        hashed = crc.thenAccept(value -> {});
        return crc;
    }

    private int digest(byte[] array, int length) {
        md5.update(array, 0, length);
        CRC32C crc = new CRC32C();
        crc.update(array, 0, length);
        return (int) crc.getValue();
    }

    private void awaitOldest() {
        SentBlob oldest = inFlight.getFirst();
        try {
            oldest.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException cause
                    ? cause
                    : new StoreException(Category.UNAVAILABLE, "blob not written", e);
        }
        inFlight.removeFirst();
    }

    private CompletableFuture<Manifest> manifest() {
        if (sent.size() == 1) {
            return sent.getFirst().done().thenApply(ref -> new Manifest(poolId, List.of(ref)));
        }
        CompletableFuture<?>[] all =
                sent.stream().map(SentBlob::done).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(all)
                .thenApply(
                        nothing -> {
                            List<BlobRef> refs =
                                    sent.stream().map(blob -> blob.done().join()).toList();
                            return refs.isEmpty() ? Manifest.EMPTY : new Manifest(poolId, refs);
                        });
    }

    @Override
    public void close() {
        switch (fate) {
            case TO_DROP -> blobs.settled(abandon());
            case NAMED -> blobs.settled(written());
            case UNCERTAIN -> {
                // Only what the view makes of the journal at the next start tells.
            }
        }
        hashing.giveBack(md5);
    }

    private List<BlobId> abandon() {
        if (filling != null) {
            filling.release();
            filling = null;
        }
        // A write under way cannot be called back, and dropping before it has ended would miss it.
        sent.forEach(blob -> blob.done().handle((nothing, failure) -> true).join());
        List<BlobId> written = written();
        Intake.drop(blobs, written);
        return written;
    }

    private List<BlobId> written() {
        List<BlobId> written = new ArrayList<>(sent.size());
        for (SentBlob blob : sent) {
            if (blob.written().state() == Future.State.SUCCESS) {
                written.add(blob.written().resultNow());
            }
        }
        return written;
    }
}
