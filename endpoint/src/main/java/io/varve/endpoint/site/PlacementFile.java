package io.varve.endpoint.site;

import io.varve.placement.ClusterLayout;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapException;
import io.varve.placement.CrushText;
import io.varve.placement.FailureDomain;
import io.varve.placement.PlacementGroups;
import io.varve.placement.Weight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The placement map of a site, in Ceph's text form, in the file {@value #FILE_NAME}. It is laid out
 * from the configured devices once; from then on the file decides.
 */
final class PlacementFile {
    static final String FILE_NAME = "placement.map";

    /**
     * How many placement groups a site has, for ever: some hundred for each of nine devices, and
     * still several for each of a hundred.
     */
    static final int PLACEMENT_GROUPS = 1024;

    private static final int OVER_DEVICES_RULE_ID = 1;
    private static final int POOL_ID = 0;
    private static final int DEVICE_TYPE = 0;

    private PlacementFile() {}

    static SitePlacement open(Path directory, PoolSettings pool) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        CrushMap map;
        if (Files.exists(file)) {
            map = read(file);
        } else {
            map = layOut(pool);
            DurableFile.write(file, CrushText.write(map));
        }
        requireDevices(map, pool, file);
        int ruleId = ruleId(pool);
        if (map.rule(ruleId).isEmpty()) {
            throw new SiteException("the placement map %s has no rule %d".formatted(file, ruleId));
        }
        return new SitePlacement(
                map, ruleId, pool.copies(), new PlacementGroups(PLACEMENT_GROUPS, POOL_ID));
    }

    private static int ruleId(PoolSettings pool) {
        return switch (pool.failureDomain()) {
            case HOST -> ClusterLayout.RULE_ID;
            case DEVICE -> OVER_DEVICES_RULE_ID;
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
                                "copies_over_devices",
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
