package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;

/**
 * A bucket with what is counted of it.
 *
 * @param versionCount noncurrent versions and delete markers
 * @param uploadCount open uploads
 */
record BucketRow(Bucket bucket, long versionCount, long uploadCount) {
    private static final int FORMAT_VERSION = 1;

    static BucketRow decode(long bucketId, byte[] bytes) {
        return read(bucketId, new RowReader(bytes));
    }

    private static BucketRow read(long bucketId, RowReader from) {
        from.version(FORMAT_VERSION);
        Bucket bucket =
                new Bucket(
                        bucketId,
                        from.string(),
                        from.string(),
                        from.varint(),
                        readVersioning(from),
                        from.varint(),
                        from.varint());
        return new BucketRow(bucket, from.varint(), from.varint());
    }

    byte[] toBytes() {
        return new RowWriter()
                .u8(FORMAT_VERSION)
                .string(bucket.name())
                .string(bucket.owner())
                .varint(bucket.createdMicros())
                .u8(code(bucket.versioning()))
                .varint(bucket.objectCount())
                .varint(bucket.sizeBytes())
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

    /** A bucket that was removed, until the window closes. */
    record Removed(long removedPosition, long removedMicros, BucketRow row) {
        static Removed decode(long bucketId, byte[] bytes) {
            RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
            return new Removed(from.varint(), from.varint(), read(bucketId, from));
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
