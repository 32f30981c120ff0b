package io.varve.dr.replica;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;

import java.util.List;
import java.util.concurrent.ExecutorService;

/** Brings the blobs that changes name from another site. */
public final class BlobFetch {
    private BlobFetch() {}

    /**
     * Returns once the blobs that are not here already are on stable media here.
     *
     * @return how many of them the other site has no good copy of
     * @throws ReplicaException when one can be had later, perhaps
     */
    public static int bring(
            Primary from, StandbySite site, List<RecordMerge.Item> items, ExecutorService workers)
            throws InterruptedException {
        List<BlobShipment.Named> named =
                items.stream()
                        .map(i -> new BlobShipment.Named(i.draft().change(), i.timeMicros()))
                        .toList();
        BlobShipment shipment = new BlobShipment(from, site, named, true);
        shipment.run(workers);
        return shipment.absentCount() + shipment.lostCount();
    }

    /** Whether all of the blobs that a change names are here. */
    public static boolean isHere(StandbySite site, Change change) {
        List<BlobRef> blobs = RecordBlobs.of(change);
        return blobs.stream().allMatch(site::has);
    }
}
