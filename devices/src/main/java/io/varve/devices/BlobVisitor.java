package io.varve.devices;

/** Is shown the blobs of a device, in no order. */
@FunctionalInterface
public interface BlobVisitor {
    void visit(BlobId blobId, int lengthBytes);
}
