package io.varve.endpoint.s3;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.large.LargeObjects.Whole;
import io.varve.endpoint.link.SymbolicLink;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;
import io.varve.projections.namespace.ObjectVersion;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A version as S3 shows it: a large object of Swift's as the whole that it stands for, anything
 * else as what it is. S3 has no word for a manifest, so none is ever shown.
 *
 * <p>The tag of a large object is Swift's own, the MD5 of its segments' tags, and how many they
 * are, so that no client takes it for the MD5 of the bytes. Of a static one it is kept with the
 * object, and is the same in a listing, in a head and in a condition. A dynamic one would have to
 * be looked up segment by segment: its line of a listing is its manifest's, with a tag that is
 * nobody's MD5 either. A link is what it leads to, and is listed as that where it says what it is.
 * Owned by the request.
 *
 * @param named what the request names: a link, or the same as the version
 */
record ShownObject(ObjectVersion named, ObjectVersion version, Whole whole) {

    /** One part of an object that has several. */
    record ShownPart(long sizeBytes, List<Checksum> checksums) {}

    boolean isLarge() {
        return LargeObject.of(version).isPresent();
    }

    long sizeBytes() {
        return whole.sizeBytes();
    }

    /** Without quotes. */
    String etag() {
        return isLarge() ? tag(whole.etag(), whole.segmentCount()) : version.etag();
    }

    long modifiedMicros() {
        return whole.modifiedMicros();
    }

    /** What is known of a manifest's bytes says nothing of the whole. */
    List<Checksum> checksums() {
        return isLarge() ? List.of() : version.checksums();
    }

    /** 0 when it is in one piece. */
    int partCount() {
        return isLarge() ? whole.segmentCount() : version.partCount();
    }

    List<ShownPart> parts(ObjectStore store) {
        return isLarge()
                ? whole.segmentSizesBytes().stream()
                        .map(size -> new ShownPart(size, List.of()))
                        .toList()
                : store.view().parts(version).stream()
                        .map(part -> new ShownPart(part.sizeBytes(), part.checksums()))
                        .toList();
    }

    private static String tag(String etag, int segmentCount) {
        return etag + "-" + segmentCount;
    }

    /** The tag that a listing has for a version, at no cost. */
    static String listedEtag(ObjectVersion version) {
        LargeObject large = LargeObject.of(version).orElse(null);
        if (large != null) {
            return switch (large) {
                case LargeObject.Static(_, String etag, int segmentCount) ->
                        tag(etag, segmentCount);
                case LargeObject.Dynamic _ -> tag(version.etag(), 0);
            };
        }
        return SymbolicLink.of(version)
                .map(link -> listedEtag(version, link))
                .orElse(version.etag());
    }

    private static String listedEtag(ObjectVersion version, SymbolicLink link) {
        String etag = link.etag();
        return etag == null || link.largeEtag() != null ? tag(version.etag(), 0) : etag;
    }

    /** The size that a listing has for a version, at no cost. */
    static long listedSizeBytes(ObjectVersion version) {
        if (LargeObject.of(version).orElse(null) instanceof LargeObject.Static large) {
            return large.sizeBytes();
        }
        return SymbolicLink.of(version).map(SymbolicLink::sizeBytes).orElse(version.sizeBytes());
    }

    /** The same for a copy of the bytes, which is made of nothing else. */
    static Attributes inOnePiece(Attributes attributes) {
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        settings.remove(LargeObject.SETTING);
        settings.remove(LargeObject.WRITTEN);
        return attributes.withSettings(settings);
    }
}
