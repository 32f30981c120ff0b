package io.varve.devices;

/**
 * What reading a whole device found.
 *
 * @param deviceId the device
 * @param checkedBlobs copies read and compared with their checksums
 * @param checkedBytes their payload
 * @param damagedBlobs those that did not match or could not be read; their repair is under way
 */
public record DeviceScrub(int deviceId, long checkedBlobs, long checkedBytes, long damagedBlobs) {}
