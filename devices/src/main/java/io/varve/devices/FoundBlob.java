package io.varve.devices;

/**
 * A blob as the devices know it.
 *
 * @param ownerTag what it was written with; not to be changed
 */
public record FoundBlob(BlobId id, byte[] ownerTag) {
    @Override
    public String toString() {
        return "FoundBlob[id=%s]".formatted(id);
    }
}
