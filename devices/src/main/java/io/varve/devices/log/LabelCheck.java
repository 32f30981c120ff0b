package io.varve.devices.log;

import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceLabelException;
import io.varve.devices.DeviceListener;
import io.varve.devices.file.DeviceFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.UUID;

/** Makes sure that a directory is the device it is taken for, before anything in it is touched. */
final class LabelCheck {
    private final DeviceConfig config;
    private final DeviceFiles files;
    private final UUID siteId;
    private final DeviceListener listener;

    LabelCheck(DeviceConfig config, DeviceFiles files, UUID siteId, DeviceListener listener) {
        this.config = config;
        this.files = files;
        this.siteId = siteId;
        this.listener = listener;
    }

    DeviceLabel openOrFormat(boolean formatEmpty) throws IOException {
        LabelFiles labels = new LabelFiles(files);
        LabelFiles.Found found = labels.read();
        if (found == null) {
            if (!formatEmpty) {
                throw new DeviceLabelException(
                        "%s is empty: device %d was not formatted here, or is gone"
                                .formatted(files, config.deviceId()));
            }
            return format(labels);
        }
        DeviceLabel label = found.label();
        require(label.siteId().equals(siteId), "site", siteId, label.siteId());
        require(
                label.deviceId() == config.deviceId(),
                "device id",
                config.deviceId(),
                label.deviceId());
        UUID uuid = config.uuid();
        require(uuid == null || uuid.equals(label.deviceUuid()), "uuid", uuid, label.deviceUuid());
        if (!found.unequal().isEmpty()) {
            labels.write(label, found.unequal());
            listener.on(new DeviceEvent.LabelRepaired(config.deviceId(), found.unequal()));
        }
        return label;
    }

    private DeviceLabel format(LabelFiles labels) throws IOException {
        DeviceLabel label =
                new DeviceLabel(
                        config.deviceId(),
                        UUID.randomUUID(),
                        siteId,
                        System.currentTimeMillis(),
                        config.space().segmentSizeBytes(),
                        1);
        labels.write(label);
        listener.on(new DeviceEvent.Formatted(config.deviceId(), label.deviceUuid()));
        return label;
    }

    private void require(boolean holds, String what, @Nullable Object wanted, Object found) {
        if (!holds) {
            throw new DeviceLabelException(
                    "%s is another device: %s should be %s, its label says %s"
                            .formatted(files, what, wanted, found));
        }
    }
}
