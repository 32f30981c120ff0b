package io.varve.endpoint.site;

import io.varve.devices.pool.DeviceSet;

/**
 * The devices that are open, how they are kept, and why others are not open. Safe for use by many
 * threads.
 */
record OpenDevices(DeviceSet set, DeviceConfigs configs, DeviceNews news) {}
