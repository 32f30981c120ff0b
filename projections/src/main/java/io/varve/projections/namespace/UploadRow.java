package io.varve.projections.namespace;

/** The row of an open upload. */
final class UploadRow {
    private static final int FORMAT_VERSION = 2;

    private UploadRow() {}

    static byte[] encode(Upload upload) {
        RowWriter to =
                new RowWriter()
                        .u8(FORMAT_VERSION)
                        .string(upload.principal())
                        .varint(upload.startedMicros())
                        .u8(RowFields.code(upload.algorithm()))
                        .u8(RowFields.code(upload.checksumType()));
        RowFields.writeAttributes(to, upload.attributes());
        return to.toBytes();
    }

    static Upload decode(long bucketId, String key, long uploadId, byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        String principal = from.string();
        long startedMicros = from.varint();
        var algorithm = RowFields.readAlgorithm(from);
        var type = RowFields.readType(from);
        return new Upload(
                uploadId,
                bucketId,
                key,
                principal,
                startedMicros,
                RowFields.readAttributes(from),
                algorithm,
                type);
    }

    /** What is remembered of a completed upload, until the window closes. */
    record Completed(long bucketId, String key, long versionPosition) {
        private static final int FORMAT_VERSION = 1;

        static Completed decode(byte[] bytes) {
            RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
            return new Completed(from.varint(), from.string(), from.varint());
        }

        byte[] toBytes() {
            return new RowWriter()
                    .u8(FORMAT_VERSION)
                    .varint(bucketId)
                    .string(key)
                    .varint(versionPosition)
                    .toBytes();
        }
    }
}
