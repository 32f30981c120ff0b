package io.varve.devices;

/**
 * Is told what happens on devices. Called from the thread that it happens on, often a device's own:
 * must be quick and must not throw.
 */
@FunctionalInterface
public interface DeviceListener {
    /** Listens to nothing. */
    DeviceListener NONE = event -> {};

    void on(DeviceEvent event);
}
