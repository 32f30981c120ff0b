package io.varve.devices.pool;

/**
 * How the devices of a set are opened.
 *
 * @param files those of this process
 * @param remote those that other hosts have
 */
public record DeviceOpeners(DeviceFilesOpener files, RemoteOpener remote) {
    /** Directories of this process, and no others. */
    public static DeviceOpeners of(DeviceFilesOpener files) {
        return new DeviceOpeners(files, RemoteOpener.NONE);
    }
}
