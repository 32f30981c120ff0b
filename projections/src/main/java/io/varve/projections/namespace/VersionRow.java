package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;

import java.util.List;

/**
 * The row of one version, object or delete marker. It does not hold bucket and key, which are in
 * the row's key, so it moves between tables byte by byte. What a fold never looks at is taken apart
 * only when asked for.
 */
final class VersionRow {
    private static final int FORMAT_VERSION = 1;
    private static final int NULL_VERSION = 1;
    private static final int DELETE_MARKER = 2;

    private final byte[] bytes;
    private final int detailsOffset;
    private final long position;
    private final boolean nullVersion;
    private final boolean deleteMarker;
    private final long createdMicros;
    private final long sizeBytes;
    private final String etag;
    private final int partCount;
    private final Content content;

    private VersionRow(byte[] bytes) {
        this.bytes = bytes;
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        int flags = from.u8();
        nullVersion = (flags & NULL_VERSION) != 0;
        deleteMarker = (flags & DELETE_MARKER) != 0;
        position = from.varint();
        createdMicros = from.varint();
        if (deleteMarker) {
            sizeBytes = 0;
            etag = "";
            partCount = 0;
            content = Content.NONE;
        } else {
            sizeBytes = from.varint();
            etag = RowFields.readEtag(from);
            partCount = from.varint32();
            content = RowFields.readContent(from);
        }
        detailsOffset = from.offset();
    }

    static VersionRow decode(byte[] bytes) {
        return new VersionRow(bytes);
    }

    /** The row of an object, or of a delete marker (which keeps position, time and null-ness). */
    static VersionRow of(ObjectVersion version, Content content) {
        RowWriter to = new RowWriter().u8(FORMAT_VERSION);
        to.u8(
                (version.nullVersion() ? NULL_VERSION : 0)
                        | (version.deleteMarker() ? DELETE_MARKER : 0));
        to.varint(version.position()).varint(version.createdMicros());
        if (!version.deleteMarker()) {
            to.varint(version.sizeBytes());
            RowFields.writeEtag(to, version.etag());
            to.varint(version.partCount());
            RowFields.writeContent(to, content);
            RowFields.writeAttributes(to, version.attributes());
            RowFields.writeChecksums(to, version.checksums());
        }
        return new VersionRow(to.toBytes());
    }

    byte[] bytes() {
        return bytes;
    }

    long position() {
        return position;
    }

    boolean nullVersion() {
        return nullVersion;
    }

    boolean deleteMarker() {
        return deleteMarker;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    String etag() {
        return etag;
    }

    int partCount() {
        return partCount;
    }

    Content content() {
        return content;
    }

    ObjectVersion toVersion(long bucketId, String key) {
        Attributes attributes = Attributes.NONE;
        List<Checksum> checksums = List.of();
        if (!deleteMarker) {
            RowReader from = new RowReader(bytes, detailsOffset);
            attributes = RowFields.readAttributes(from);
            checksums = RowFields.readChecksums(from);
        }
        return new ObjectVersion(
                bucketId,
                key,
                position,
                nullVersion,
                deleteMarker,
                createdMicros,
                sizeBytes,
                etag,
                partCount,
                attributes,
                checksums);
    }
}
