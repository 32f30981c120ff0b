package io.varve.endpoint.site;

import io.varve.placement.ClusterLayout;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapException;
import io.varve.placement.CrushText;
import io.varve.placement.FailureDomain;
import io.varve.placement.Weight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The placement map that a site begins with: laid out from the configured devices, or the
 * operator's own in the file {@value #FILE_NAME}, in Ceph's text form. From the first start on the
 * map is in the journal, and the file is not read again.
 */
final class FirstMap {
    static final String FILE_NAME = "placement.map";

    static final String OVER_DEVICES_RULE = "copies_over_devices";

    private static final int OVER_DEVICES_RULE_ID = 1;
    private static final int DEVICE_TYPE = 0;

    private FirstMap() {}

    static CrushMap of(Path directory, PoolSettings pool) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return layOut(pool);
        }
        CrushMap map = read(file);
        requireDevices(map, pool, file);
        if (map.rule(ruleOf(pool)).isEmpty()) {
            throw new SiteException(
                    "the placement map %s has no rule %s".formatted(file, ruleOf(pool)));
        }
        return map;
    }

    /** The name of the rule that the first pool has. */
    static String ruleOf(PoolSettings pool) {
        return switch (pool.failureDomain()) {
            case HOST -> ClusterLayout.RULE_NAME;
            case DEVICE -> OVER_DEVICES_RULE;
        };
    }

    private static CrushMap read(Path file) throws IOException {
        try {
            return CrushText.parse(Files.readString(file));
        } catch (CrushMapException e) {
            throw new SiteException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static CrushMap layOut(PoolSettings pool) {
        ClusterLayout layout = new ClusterLayout();
        for (SiteDevice device : pool.devices()) {
            layout.device(
                    new CrushDevice(device.id(), "device." + device.id(), device.deviceClass()),
                    Weight.of(device.weight()),
                    device.host());
        }
        return withRuleOverDevices(layout.build());
    }

    /** As laid out, with a further rule for sites where copies need only be on other devices. */
    private static CrushMap withRuleOverDevices(CrushMap map) {
        FailureDomain root =
                map.domain(ClusterLayout.ROOT_NAME)
                        .orElseThrow(() -> new IllegalStateException("a layout without root"));
        return map.toBuilder()
                .rule(
                        ClusterLayout.copies(
                                OVER_DEVICES_RULE_ID,
                                OVER_DEVICES_RULE,
                                root.id(),
                                null,
                                DEVICE_TYPE))
                .build();
    }

    private static void requireDevices(CrushMap map, PoolSettings pool, Path file) {
        for (SiteDevice device : pool.devices()) {
            if (map.device(device.id()).isEmpty()) {
                throw new SiteException(
                        "device %d is not in the placement map %s".formatted(device.id(), file));
            }
        }
    }
}
