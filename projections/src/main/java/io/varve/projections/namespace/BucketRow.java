package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.SortedMap;

/**
 * A bucket with what is counted of it. Its settings, which may be long and seldom change, are in a
 * row of their own, so that the row that nearly every record changes stays small.
 *
 * @param versionCount noncurrent versions and delete markers
 * @param uploadCount open uploads
 */
record BucketRow(Bucket bucket, long versionCount, long uploadCount) {
    private static final int FORMAT_VERSION = 3;
    private static final int SETTINGS_FORMAT_VERSION = 1;

    /**
     * @return null when there is no such bucket
     */
    static @Nullable BucketRow read(ViewReader rows, long bucketId) {
        byte[] value = rows.get(NamespaceKeys.of(NamespaceKeys.BUCKET, bucketId));
        return value == null ? null : read(rows, bucketId, new RowReader(value));
    }

    private static BucketRow read(ViewReader rows, long bucketId, RowReader from) {
        from.version(FORMAT_VERSION);
        boolean hasSettings = from.u8() != 0;
        Bucket bucket =
                new Bucket(
                        bucketId,
                        from.string(),
                        from.string(),
                        from.varint(),
                        readVersioning(from),
                        from.varint(),
                        from.varint(),
                        hasSettings ? settings(rows, bucketId) : Collections.emptySortedMap(),
                        from.varint());
        return new BucketRow(bucket, from.varint(), from.varint());
    }

    private static SortedMap<String, String> settings(ViewReader rows, long bucketId) {
        byte[] value = rows.get(NamespaceKeys.of(NamespaceKeys.SETTINGS, bucketId));
        if (value == null) {
            throw new IllegalStateException("no settings of bucket " + bucketId);
        }
        return decodeSettings(value);
    }

    static SortedMap<String, String> decodeSettings(byte[] bytes) {
        return RowFields.readMap(new RowReader(bytes).version(SETTINGS_FORMAT_VERSION));
    }

    static byte[] encodeSettings(SortedMap<String, String> settings) {
        RowWriter to = new RowWriter().u8(SETTINGS_FORMAT_VERSION);
        RowFields.writeMap(to, settings);
        return to.toBytes();
    }

    byte[] toBytes() {
        return new RowWriter()
                .u8(FORMAT_VERSION)
                .u8(bucket.settings().isEmpty() ? 0 : 1)
                .string(bucket.storedName())
                .string(bucket.owner())
                .varint(bucket.createdMicros())
                .u8(code(bucket.versioning()))
                .varint(bucket.objectCount())
                .varint(bucket.sizeBytes())
                .varint(bucket.versionBytes())
                .varint(versionCount)
                .varint(uploadCount)
                .toBytes();
    }

    private static int code(Versioning versioning) {
        return switch (versioning) {
            case OFF -> 0;
            case ENABLED -> 1;
            case SUSPENDED -> 2;
        };
    }

    private static Versioning readVersioning(RowReader from) {
        int code = from.u8();
        return switch (code) {
            case 0 -> Versioning.OFF;
            case 1 -> Versioning.ENABLED;
            case 2 -> Versioning.SUSPENDED;
            default -> throw from.damaged("versioning " + code);
        };
    }

    /** A bucket that was removed, until the window closes. Its settings stay where they were. */
    record Removed(long removedPosition, long removedMicros, BucketRow row) {
        private static final int FORMAT_VERSION = 1;

        static @Nullable Removed read(ViewReader rows, long bucketId) {
            byte[] value = rows.get(NamespaceKeys.of(NamespaceKeys.BUCKET_REMOVED, bucketId));
            if (value == null) {
                return null;
            }
            RowReader from = new RowReader(value).version(FORMAT_VERSION);
            return new Removed(from.varint(), from.varint(), BucketRow.read(rows, bucketId, from));
        }

        byte[] toBytes() {
            return new RowWriter()
                    .u8(FORMAT_VERSION)
                    .varint(removedPosition)
                    .varint(removedMicros)
                    .raw(row.toBytes())
                    .toBytes();
        }
    }
}
