package io.varve.projections.namespace;

/**
 * From a record on another version of a key is current, or none, although the record made none: a
 * version was restored, came to light or moved here, or what was current went and left others. What
 * a record makes is current from then on without being told here.
 *
 * @param position of the record
 * @param version the position of the version that is current from then on; 0 for none
 */
record TurnRow(long position, long version) {
    private static final int FORMAT_VERSION = 1;

    static TurnRow decode(byte[] rowKey, byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        return new TurnRow(NamespaceKeys.versionPosition(rowKey), from.varint());
    }

    byte[] toBytes() {
        return new RowWriter().u8(FORMAT_VERSION).varint(version).toBytes();
    }
}
