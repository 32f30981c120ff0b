package io.varve.projections.namespace;

/** What the window will forget, in order of the time at which it ended. */
sealed interface EndedRow {

    /** What a version in history said at first; its position is in the row's key. */
    record Version(long bucketId, String key) implements EndedRow {}

    /** What a version in history said later; the revision is in the row's key. */
    record Revision(long bucketId, String key, long position) implements EndedRow {}

    /** The memory that an upload was completed; the upload is in the row's key. */
    record Upload() implements EndedRow {}

    /** A removed bucket, with the uploads that were open in it; its id is in the row's key. */
    record Bucket() implements EndedRow {}

    int FORMAT_VERSION = 1;

    int VERSION = 1;
    int UPLOAD = 2;
    int BUCKET = 3;
    int REVISION = 4;

    static EndedRow decode(byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        int kind = from.u8();
        return switch (kind) {
            case VERSION -> new Version(from.varint(), from.string());
            case UPLOAD -> new Upload();
            case BUCKET -> new Bucket();
            case REVISION -> new Revision(from.varint(), from.string(), from.varint());
            default -> throw from.damaged("kind " + kind);
        };
    }

    default byte[] toBytes() {
        RowWriter to = new RowWriter().u8(FORMAT_VERSION);
        switch (this) {
            case Version version -> to.u8(VERSION).varint(version.bucketId()).string(version.key());
            case Upload upload -> to.u8(UPLOAD);
            case Bucket bucket -> to.u8(BUCKET);
            case Revision revision ->
                    to.u8(REVISION)
                            .varint(revision.bucketId())
                            .string(revision.key())
                            .varint(revision.position());
        }
        return to.toBytes();
    }
}
