package io.varve.devices;

/**
 * A blob as the devices know it.
 *
 * @param lengthBytes of its content
 * @param ownerTag what it was written with; not to be changed
 */
public record FoundBlob(BlobId id, int lengthBytes, byte[] ownerTag) {
    @Override
    public String toString() {
        return "FoundBlob[id=%s, lengthBytes=%d]".formatted(id, lengthBytes);
    }
}
