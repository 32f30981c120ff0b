package io.varve.projections.namespace;

/**
 * How the namespace is applied.
 *
 * @param batchRecordCountMax how many records are applied before readers see them and their
 *     outcomes are told
 * @param flushRecordCount how many records are applied before the view is brought to media: what a
 *     restart after a crash has to replay, at the most twice that
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
