package io.varve.journal.text;

import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.journal.record.TopologyChange.SetDeviceState;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of a topology change as both text forms show them. Of a map only its size: it has many
 * lines.
 */
final class TopologyFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    private TopologyFields() {}

    static Map<String, String> of(TopologyChange change) {
        TopologyFields all = new TopologyFields();
        all.add(change);
        return all.fields;
    }

    private void add(TopologyChange change) {
        switch (change) {
            case ChangePlacementMap c ->
                    put("expectedEpoch", c.expectedEpoch()).put("mapBytes", c.map().length());
            case PutDevice c ->
                    put("device", c.id())
                            .put("uuid", c.uuid())
                            .put("host", c.host())
                            .putPresent("rack", c.rack())
                            .putPresent("site", c.site())
                            .put("class", c.deviceClass())
                            .put("weight", share(c.weight()))
                            .put("directory", c.directory())
                            .put("capacityBytes", c.capacityBytes())
                            .put("basedOn", c.basedOn());
            case SetDeviceState c -> {
                Integer share = c.share();
                put("device", c.id())
                        .putWord("reach", c.reach())
                        .putWord("membership", c.membership());
                if (share != null) {
                    put("reweight", share(share));
                }
                put("automatic", c.automatic()).putPresent("reason", c.reason());
            }
            case RemoveDevice c -> put("device", c.id());
            case PutPool c ->
                    put("pool", c.id())
                            .put("name", c.name())
                            .put("rule", c.rule())
                            .put("scheme", c.scheme())
                            .put("minCopies", c.minCopies())
                            .putPresent("class", c.deviceClass())
                            .putPresent("compression", c.compression())
                            .add(c.options())
                            .put("basedOn", c.basedOn());
            case RemovePool c -> put("pool", c.id()).put("basedOn", c.basedOn());
        }
    }

    private TopologyFields add(PoolOptions options) {
        Integer copied = options.copiedBytesMax();
        if (copied != null) {
            put("copiedBytesMax", copied);
        }
        if (options.closed()) {
            put("closed", true);
        }
        return putPresent("otherNames", String.join(",", options.otherNames()));
    }

    private static double share(long fixed) {
        return fixed / (double) TopologyChange.FULL_SHARE;
    }

    private TopologyFields put(String name, Object value) {
        fields.put(name, String.valueOf(value));
        return this;
    }

    private TopologyFields putPresent(String name, String value) {
        return value.isEmpty() ? this : put(name, value);
    }

    private TopologyFields putWord(String name, @Nullable Enum<?> value) {
        return value == null ? this : put(name, value.name().toLowerCase(Locale.ROOT));
    }
}
