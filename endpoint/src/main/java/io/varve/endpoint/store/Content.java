package io.varve.endpoint.store;

/** Bytes that can be read by ranges, wherever they are kept. Safe for use by many threads. */
public interface Content {
    long sizeBytes();

    /**
     * Opens a range, which lies within the content and is not empty.
     *
     * @throws StoreException when no good copy of the first bytes can be read
     */
    ObjectReader open(long offset, long lengthBytes);
}
