package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.endpoint.store.ObjectStore;

import java.util.Map;

/** What the model run does to a store besides asking it. */
interface StoreUnderTest {
    int COPIES = 3;

    ObjectStore store();

    /** Closes the store and opens it again. */
    void restart();

    /** Closes the window over all history and drops what that released. */
    void forgetHistory();

    /** The number of copies of each blob on the devices. */
    Map<BlobId, Integer> blobs();
}
