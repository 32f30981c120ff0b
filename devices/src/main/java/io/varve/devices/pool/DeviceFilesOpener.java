package io.varve.devices.pool;

import io.varve.devices.DeviceConfig;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.file.DiskDeviceFiles;

import java.io.IOException;
import java.nio.file.Files;

/** Opens the directory of a device. The seam for tests that make devices fail. */
@FunctionalInterface
public interface DeviceFilesOpener {
    /**
     * @param create whether an absent directory is made
     */
    DeviceFiles open(DeviceConfig device, boolean create) throws IOException;

    /** Directories of real file systems. */
    static DeviceFiles onDisk(DeviceConfig device, boolean create) throws IOException {
        if (create) {
            Files.createDirectories(device.directory());
        }
        return DiskDeviceFiles.open(device.directory());
    }
}
