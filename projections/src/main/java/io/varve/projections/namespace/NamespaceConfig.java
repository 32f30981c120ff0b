package io.varve.projections.namespace;

/**
 * How the namespace is applied.
 *
 * @param batchRecordCountMax how many records are applied before readers see them and their
 *     outcomes are told
 * @param flushRecordCount after how many records the next flush to media is begun; as several can
 *     be under way, a restart after a crash replays a few times that at the most
 */
public record NamespaceConfig(int batchRecordCountMax, int flushRecordCount) {
    public static final NamespaceConfig DEFAULT = new NamespaceConfig(1024, 20_000);

    public NamespaceConfig {
        if (batchRecordCountMax < 1 || flushRecordCount < 1) {
            throw new IllegalArgumentException(
                    "not positive: batchRecordCountMax="
                            + batchRecordCountMax
                            + ", flushRecordCount="
                            + flushRecordCount);
        }
    }
}
