package io.varve.devices.log;

import io.varve.devices.DeviceException;

import org.jspecify.annotations.Nullable;

/** Is told the end of a request, once, on whichever thread brought it about. Must be quick. */
@FunctionalInterface
public interface LogCallback {
    /**
     * @param changed whether the device's content is another than before
     * @param failure null when what was asked for is on media
     */
    void completed(boolean changed, @Nullable DeviceException failure);
}
