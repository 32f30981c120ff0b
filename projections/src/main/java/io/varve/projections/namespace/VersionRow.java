package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The row of one version, object or delete marker. It does not hold bucket and key, which are in
 * the row's key, so it moves between tables byte by byte. At first only what tells versions apart
 * is read; the rest is taken apart when it is asked for, which for most rows that a question walks
 * over is never.
 */
final class VersionRow {
    private static final int FORMAT_VERSION = 2;
    private static final int NULL_VERSION = 1;
    private static final int DELETE_MARKER = 2;
    private static final int REVISED = 4;
    private static final int EXPIRES = 8;
    private static final int MOVED = 16;

    private final byte[] bytes;
    private final int bodyOffset;
    private final long position;
    private final boolean nullVersion;
    private final boolean deleteMarker;
    private final long createdMicros;
    private final long revision;
    private final long revisedMicros;
    private final long expiresSeconds;
    private final long arrivedPosition;

    /** Null until asked for; made again where two threads ask at once. */
    private @Nullable Body body;

    /** What an object is. */
    private record Body(
            long sizeBytes, String etag, int partCount, Content content, int detailsOffset) {
        static final Body OF_MARKER = new Body(0, "", 0, Content.NONE, 0);

        static Body read(RowReader from) {
            return new Body(
                    from.varint(),
                    RowFields.readEtag(from),
                    from.varint32(),
                    RowFields.readContent(from),
                    from.offset());
        }
    }

    private VersionRow(byte[] bytes) {
        this.bytes = bytes;
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        int flags = from.u8();
        nullVersion = (flags & NULL_VERSION) != 0;
        deleteMarker = (flags & DELETE_MARKER) != 0;
        position = from.varint();
        createdMicros = from.varint();
        boolean revised = (flags & REVISED) != 0;
        revision = revised ? from.varint() : position;
        revisedMicros = revised ? from.varint() : createdMicros;
        expiresSeconds = (flags & EXPIRES) != 0 ? from.varint() : Expiry.NEVER;
        arrivedPosition = (flags & MOVED) != 0 ? from.varint() : position;
        bodyOffset = from.offset();
    }

    private Body body() {
        Body known = body;
        if (known == null) {
            known = deleteMarker ? Body.OF_MARKER : Body.read(new RowReader(bytes, bodyOffset));
            body = known;
        }
        return known;
    }

    static VersionRow decode(byte[] bytes) {
        return new VersionRow(bytes);
    }

    /**
     * The row of an object as it was made, or of a delete marker (which keeps position, time and
     * null-ness).
     */
    static VersionRow of(ObjectVersion version, Content content) {
        return of(version, content, version.createdMicros());
    }

    /**
     * @param revisedMicros record time at which the version got the attributes that it has
     */
    static VersionRow of(ObjectVersion version, Content content, long revisedMicros) {
        return of(version, content, revisedMicros, version.position());
    }

    /**
     * @param arrivedPosition of the record that made the version or moved it here
     */
    static VersionRow of(
            ObjectVersion version, Content content, long revisedMicros, long arrivedPosition) {
        boolean moved = arrivedPosition != version.position();
        boolean revised = version.revision() != version.position();
        long expires = Expiry.seconds(version.attributes());
        RowWriter to = new RowWriter().u8(FORMAT_VERSION);
        to.u8(
                (version.nullVersion() ? NULL_VERSION : 0)
                        | (version.deleteMarker() ? DELETE_MARKER : 0)
                        | (revised ? REVISED : 0)
                        | (expires != Expiry.NEVER ? EXPIRES : 0)
                        | (moved ? MOVED : 0));
        to.varint(version.position()).varint(version.createdMicros());
        if (revised) {
            to.varint(version.revision()).varint(revisedMicros);
        }
        if (expires != Expiry.NEVER) {
            to.varint(expires);
        }
        if (moved) {
            to.varint(arrivedPosition);
        }
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

    /** As {@link #expiresSeconds()}, without taking apart the row of one that does not. */
    static long expiresSeconds(byte[] bytes) {
        boolean expires = bytes.length > 1 && (bytes[1] & EXPIRES) != 0;
        return expires ? decode(bytes).expiresSeconds() : Expiry.NEVER;
    }

    /** Of a version whose content is erased: it takes its place in time, and says nothing. */
    VersionRow erased() {
        ObjectVersion nothing =
                new ObjectVersion(
                        0,
                        "",
                        position,
                        nullVersion,
                        true,
                        createdMicros,
                        0,
                        "",
                        0,
                        Attributes.NONE,
                        List.of(),
                        revision);
        return of(nothing, Content.NONE, revisedMicros, arrivedPosition);
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

    long createdMicros() {
        return createdMicros;
    }

    /** The position of the record that gave it its attributes: tells apart what it has said. */
    long revision() {
        return revision;
    }

    /** Record time from which on it said what it says. */
    long revisedMicros() {
        return revisedMicros;
    }

    /** Of the record by which the key got this version: its own, unless it came from elsewhere. */
    long arrivedPosition() {
        return arrivedPosition;
    }

    /** Of the record from which on it was here and said what it says. */
    long since() {
        return Math.max(revision, arrivedPosition);
    }

    /** {@link Expiry#NEVER} when it does not. */
    long expiresSeconds() {
        return expiresSeconds;
    }

    long sizeBytes() {
        return body().sizeBytes();
    }

    String etag() {
        return body().etag();
    }

    int partCount() {
        return body().partCount();
    }

    Content content() {
        return body().content();
    }

    /** What was said of it; taken apart anew each time. */
    Attributes attributes() {
        return deleteMarker
                ? Attributes.NONE
                : RowFields.readAttributes(new RowReader(bytes, body().detailsOffset()));
    }

    ObjectVersion toVersion(long bucketId, String key) {
        Attributes attributes = Attributes.NONE;
        List<Checksum> checksums = List.of();
        if (!deleteMarker) {
            RowReader from = new RowReader(bytes, body().detailsOffset());
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
                body().sizeBytes(),
                body().etag(),
                body().partCount(),
                attributes,
                checksums,
                revision);
    }
}
