package io.varve.dr.replica;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings the blobs that some records name to this site: asks for them in parcels, several at the
 * same time, and stores each as it comes. Used once.
 */
final class BlobShipment {
    private static final long PARCEL_BYTES = 4L << 20;

    /** A record as far as it matters to the blobs that it brings. */
    record Named(Change change, long timeMicros) {}

    private final Primary primary;
    private final StandbySite site;
    private final Map<BlobRef, Named> owners = new HashMap<>();
    private final List<List<BlobRef>> parcels = new ArrayList<>();
    private final AtomicInteger absentCount = new AtomicInteger();
    private final AtomicInteger lostCount = new AtomicInteger();

    /**
     * @param again whether some of the blobs may be here already, from an attempt that was cut off
     */
    BlobShipment(Primary primary, StandbySite site, List<Named> records, boolean again) {
        this.primary = primary;
        this.site = site;
        List<BlobRef> parcel = new ArrayList<>();
        long bytes = 0;
        for (Named record : records) {
            for (BlobRef blob : RecordBlobs.of(record.change())) {
                if (owners.containsKey(blob) || (again && site.has(blob))) {
                    continue;
                }
                boolean full =
                        parcel.size() == BlobAnswers.BLOBS_MAX
                                || bytes + blob.lengthBytes() > PARCEL_BYTES;
                if (full && !parcel.isEmpty()) {
                    parcels.add(parcel);
                    parcel = new ArrayList<>();
                    bytes = 0;
                }
                owners.put(blob, record);
                parcel.add(blob);
                bytes += blob.lengthBytes();
            }
        }
        if (!parcel.isEmpty()) {
            parcels.add(parcel);
        }
    }

    /**
     * Returns once all blobs that are there are on stable media here.
     *
     * @throws ReplicaException when one can be had later, perhaps
     */
    void run(ExecutorService workers) throws InterruptedException {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (List<BlobRef> parcel : parcels) {
            tasks.add(
                    () -> {
                        bring(parcel);
                        return true;
                    });
        }
        for (Future<Boolean> done : workers.invokeAll(tasks)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof ReplicaException known
                        ? known
                        : new ReplicaException("blobs cannot be stored: " + e.getCause(), e);
            }
        }
    }

    private void bring(List<BlobRef> parcel) {
        List<CompletableFuture<?>> stored = new ArrayList<>();
        primary.blobs(parcel, answer -> take(answer, stored));
        try {
            CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new ReplicaException("a blob cannot be stored: " + e.getCause(), e);
        }
    }

    private void take(BlobAnswer answer, List<CompletableFuture<?>> stored) {
        switch (answer) {
            case BlobAnswer.Bytes(BlobRef blob, byte[] bytes) -> {
                Named owner = owners.get(blob);
                if (owner == null) {
                    throw new IllegalStateException("nobody asked for " + blob);
                }
                stored.add(site.store(owner.change(), owner.timeMicros(), blob, bytes));
            }
            case BlobAnswer.Absent absent ->
                    (absent.lost() ? lostCount : absentCount).incrementAndGet();
            case BlobAnswer.Unavailable(BlobRef blob) ->
                    throw new ReplicaException(
                            "blob %016x%016x cannot be read at the other site at present"
                                    .formatted(blob.idHigh(), blob.idLow()));
        }
    }

    /** Of which the other site has no copy, for they were dropped. */
    int absentCount() {
        return absentCount.get();
    }

    /** Of which the other site has no good copy. */
    int lostCount() {
        return lostCount.get();
    }
}
