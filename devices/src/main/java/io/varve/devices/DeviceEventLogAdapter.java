package io.varve.devices;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes device events to the text log: INFO = state change, WARNING = degraded but handled. */
public final class DeviceEventLogAdapter implements DeviceListener {
    private final Logger logger;

    public DeviceEventLogAdapter(Logger logger) {
        this.logger = logger;
    }

    public DeviceEventLogAdapter() {
        this(System.getLogger("io.varve.devices"));
    }

    @Override
    public void on(DeviceEvent event) {
        Level level = level(event);
        if (logger.isLoggable(level)) {
            logger.log(level, event.toString());
        }
    }

    private static Level level(DeviceEvent event) {
        return switch (event) {
            case DeviceEvent.Unavailable _, DeviceEvent.Failed _, DeviceEvent.SegmentLost _ ->
                    Level.ERROR;
            case DeviceEvent.LabelRepaired _,
                    DeviceEvent.SegmentDamaged _,
                    DeviceEvent.FooterRebuilt _,
                    DeviceEvent.CompactionStopped _,
                    DeviceEvent.IndexNotSaved _,
                    DeviceEvent.SavedIndexRefused _,
                    DeviceEvent.Full _,
                    DeviceEvent.Filled _,
                    DeviceEvent.CopyMissing _,
                    DeviceEvent.CopyDamaged _,
                    DeviceEvent.RepairFailed _,
                    DeviceEvent.CopySkipped _ ->
                    Level.WARNING;
            case DeviceEvent.Opened _,
                    DeviceEvent.Formatted _,
                    DeviceEvent.TornTailCut _,
                    DeviceEvent.SpaceRecovered _,
                    DeviceEvent.CopyRepaired _ ->
                    Level.INFO;
            case DeviceEvent.SegmentSealed _,
                    DeviceEvent.SegmentCompacted _,
                    DeviceEvent.IndexSaved _ ->
                    Level.DEBUG;
        };
    }
}
