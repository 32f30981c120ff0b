package io.varve.projections.namespace;

import io.varve.journal.record.Checksum;

import java.util.List;

/**
 * The row of a part. It stays where it is when the upload is completed, as part of the object.
 *
 * @param position of the record that put it
 */
record PartRow(
        int partNumber,
        long position,
        long modifiedMicros,
        long sizeBytes,
        String etag,
        Content content,
        List<Checksum> checksums) {
    private static final int FORMAT_VERSION = 1;

    static PartRow decode(int partNumber, byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        return new PartRow(
                partNumber,
                from.varint(),
                from.varint(),
                from.varint(),
                RowFields.readEtag(from),
                RowFields.readContent(from),
                RowFields.readChecksums(from));
    }

    byte[] toBytes() {
        RowWriter to =
                new RowWriter()
                        .u8(FORMAT_VERSION)
                        .varint(position)
                        .varint(modifiedMicros)
                        .varint(sizeBytes);
        RowFields.writeEtag(to, etag);
        RowFields.writeContent(to, content);
        RowFields.writeChecksums(to, checksums);
        return to.toBytes();
    }

    Part toPart() {
        return new Part(partNumber, sizeBytes, etag, modifiedMicros, checksums);
    }
}
