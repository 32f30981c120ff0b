package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How evenly a rule fills the devices over a range of inputs.
 *
 * @param devices those that the rule reaches or that got something, by rising id
 * @param places how many replicas were wanted over all inputs
 * @param filled how many got a device
 * @param incomplete how many inputs got fewer devices than wanted
 */
public record Utilisation(List<DeviceUse> devices, long places, long filled, long incomplete) {
    /**
     * One device's part.
     *
     * @param expectedShare of the filled places, by weight
     * @param actual how many places it fills
     */
    public record DeviceUse(
            int id,
            String name,
            @Nullable String deviceClass,
            double expectedShare,
            long actual,
            double actualShare) {
        /** How full it is against what its weight asks for; infinite when that is nothing. */
        public double ratio() {
            return actual == 0 ? 0 : actualShare / expectedShare;
        }
    }

    public Utilisation {
        devices = List.copyOf(devices);
    }

    /** Maps every input once. */
    public static Utilisation of(
            CrushMap map, int ruleId, int replicas, Reweights reweights, Inputs inputs) {
        Map<Integer, Long> counts = new HashMap<>();
        long[] totals = new long[2];
        inputs.stream()
                .forEach(
                        x -> {
                            int present = 0;
                            for (int item : map.map(ruleId, x, replicas, reweights)) {
                                if (item != CrushMap.NONE) {
                                    counts.merge(item, 1L, Long::sum);
                                    present++;
                                }
                            }
                            totals[0] += present;
                            totals[1] += present < replicas ? 1 : 0;
                        });
        Map<Integer, Double> expected = ExpectedShares.of(map, ruleId, replicas, reweights);
        List<DeviceUse> uses = new ArrayList<>();
        for (CrushDevice device : map.devices()) {
            long actual = counts.getOrDefault(device.id(), 0L);
            double share = expected.getOrDefault(device.id(), 0.0);
            if (share > 0 || actual > 0) {
                uses.add(
                        new DeviceUse(
                                device.id(),
                                device.name(),
                                device.deviceClass(),
                                share,
                                actual,
                                actual / (double) totals[0]));
            }
        }
        return new Utilisation(uses, inputs.count() * replicas, totals[0], totals[1]);
    }

    /**
     * The fullest device's ratio: how much of the weighed capacity can be used before it is full.
     */
    public double maxRatio() {
        return devices.stream().mapToDouble(DeviceUse::ratio).max().orElse(0);
    }

    /** The emptiest device's ratio. */
    public double minRatio() {
        return devices.stream().mapToDouble(DeviceUse::ratio).min().orElse(0);
    }

    /** A table with a line of totals. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        out.append(
                "%d of %d places filled, %d sets incomplete, fullest %s, emptiest %s\n"
                        .formatted(
                                filled,
                                places,
                                incomplete,
                                Numbers.decimal(maxRatio(), 3),
                                Numbers.decimal(minRatio(), 3)));
        String row = "%6s  %-16s %-8s %10s %10s %10s %8s\n";
        out.append(
                row.formatted("id", "device", "class", "expected", "actual", "replicas", "ratio"));
        for (DeviceUse use : devices) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            row,
                            use.id(),
                            use.name(),
                            use.deviceClass() == null ? "-" : use.deviceClass(),
                            Numbers.percent(use.expectedShare()),
                            Numbers.percent(use.actualShare()),
                            use.actual(),
                            Numbers.decimal(use.ratio(), 3)));
        }
        return out.toString();
    }

    void writeJson(JsonWriter json) {
        json.open('{').name("places").value(places).name("filled").value(filled);
        json.name("incomplete").value(incomplete);
        json.name("maxRatio").value(maxRatio()).name("minRatio").value(minRatio());
        json.name("devices").open('[');
        for (DeviceUse use : devices) {
            json.open('{').name("id").value(use.id()).name("name").value(use.name());
            json.name("class").value(use.deviceClass());
            json.name("expectedShare").value(use.expectedShare());
            json.name("actualShare").value(use.actualShare());
            json.name("replicas").value(use.actual()).name("ratio").value(use.ratio()).close('}');
        }
        json.close(']').close('}');
    }
}
