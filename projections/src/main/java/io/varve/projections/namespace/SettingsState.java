package io.varve.projections.namespace;

import io.varve.journal.record.SettingNames;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings of a bucket or an account while records are applied, with what the fold itself reads
 * in them. Single-threaded: owned by the fold.
 */
final class SettingsState {
    /** Names and values in UTF-8: what all readers keep in memory of one bucket or account. */
    static final int SIZE_BYTES_MAX = 256 * 1024;

    private SortedMap<String, String> all;
    private long quotaBytes;
    private long quotaObjects;

    SettingsState(SortedMap<String, String> all) {
        this.all = all;
        readQuotas();
    }

    private void readQuotas() {
        quotaBytes = quota(SettingNames.QUOTA_BYTES);
        quotaObjects = quota(SettingNames.QUOTA_OBJECTS);
    }

    private long quota(String name) {
        long limit = Decimal.parse(all.getOrDefault(name, ""));
        return limit == Decimal.NONE ? Long.MAX_VALUE : limit;
    }

    /** Never changed in place. */
    SortedMap<String, String> all() {
        return all;
    }

    /**
     * @return whether it fitted; otherwise nothing has changed
     */
    boolean merge(Map<String, String> set, Set<String> removed) {
        SortedMap<String, String> merged = new TreeMap<>(all);
        removed.forEach(merged::remove);
        merged.putAll(set);
        if (!fits(merged)) {
            return false;
        }
        all = Collections.unmodifiableSortedMap(merged);
        readQuotas();
        return true;
    }

    static boolean fits(Map<String, String> settings) {
        long sizeBytes = 0;
        for (Map.Entry<String, String> entry : settings.entrySet()) {
            sizeBytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
            sizeBytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return sizeBytes <= SIZE_BYTES_MAX;
    }

    /** What grows beyond the quota is too much; what shrinks is welcome even above it. */
    boolean allowsBytes(long before, long after) {
        return after <= quotaBytes || after <= before;
    }

    boolean allowsObjects(long before, long after) {
        return after <= quotaObjects || after <= before;
    }
}
