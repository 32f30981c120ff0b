package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ContentRange;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionRef;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code CopyObject}. A copy shares the source's blobs: no byte moves, whatever the size; unless a
 * checksum is asked for that the source does not have, or the source is a large object of Swift's,
 * of whose segments the copy is to be independent. Safe for use by many threads.
 */
final class ObjectCopies {
    /** How often a source that goes away between look-up and record is looked up again. */
    private static final int MAX_ATTEMPTS = 8;

    private final ObjectStore store;
    private final Resources resources;

    ObjectCopies(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    /** A source that was found, may be read, and fulfils the conditions. */
    record Found(Bucket bucket, ShownObject shown) {
        ObjectVersion object() {
            return shown.version();
        }
    }

    HttpResponse copy(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        ObjectHeaders.requireImplemented(call);
        CopySource source = CopySource.parse(call.request().headerOrEmpty("x-amz-copy-source"));
        boolean replace = replaces(call, "x-amz-metadata-directive", "metadata");
        boolean retag = replaces(call, "x-amz-tagging-directive", "tagging");
        SortedMap<String, String> settings = resources.requestedSettings(call, bucket);
        Precondition condition = WriteConditions.of(call, store, bucket);
        for (int attempt = 0; ; attempt++) {
            Found found = find(call, source);
            requireChange(call, source, bucket, found, replace);
            Attributes attributes =
                    attributes(call, found.object(), replace)
                            .withSettings(
                                    settings(
                                            found.object(),
                                            settings,
                                            retag,
                                            isOntoItself(call, bucket, found.object())));
            Outcome outcome = copy(call, bucket, found.shown(), attributes, condition);
            boolean gone =
                    outcome instanceof Outcome.Refused(Refusal reason)
                            && reason == Refusal.SOURCE_GONE;
            if (gone && attempt < MAX_ATTEMPTS) {
                continue;
            }
            return answer(call, bucket, found, outcome, condition);
        }
    }

    /** Whether a directive says REPLACE. */
    private static boolean replaces(S3Call call, String header, String what) {
        String directive = call.header(header);
        if (directive == null || directive.equalsIgnoreCase("COPY")) {
            return false;
        }
        if (!directive.equalsIgnoreCase("REPLACE")) {
            throw S3Refusal.invalidArgument("Unknown " + what + " directive.", header, directive);
        }
        return true;
    }

    /** The source of a copy, of a whole object or of a part. */
    Found find(S3Call call, CopySource source) {
        Found found = resources.source(call, source);
        ObjectVersion object = found.object();
        if (object.deleteMarker()) {
            throw source.version() == null
                    ? Resources.noSuchKey(source.key())
                    : S3Error.INVALID_REQUEST.refusal(
                            "The source of a copy request may not specifically refer to a delete"
                                    + " marker by version id.");
        }
        ReadConditions.of(call, "x-amz-copy-source-")
                .require(found.shown(), call.request().http().receivedAt());
        return found;
    }

    private static boolean isOntoItself(S3Call call, Bucket bucket, ObjectVersion source) {
        return source.bucketId() == bucket.id() && source.key().equals(call.key());
    }

    private static void requireChange(
            S3Call call, CopySource source, Bucket bucket, Found found, boolean replace) {
        if (isOntoItself(call, bucket, found.object())
                && !replace
                && source.version() == null
                && !BucketAtTime.isPast(source.bucket())
                && call.header(ObjectHeaders.REDIRECT) == null
                && call.header("x-amz-storage-class") == null) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "This copy request is illegal because it is trying to copy an object to itself"
                            + " without changing the object's metadata, storage class, website"
                            + " redirect location or encryption attributes.");
        }
    }

    private Outcome copy(
            S3Call call,
            Bucket bucket,
            ShownObject shown,
            Attributes attributes,
            Precondition condition)
            throws IOException {
        ObjectVersion source = shown.version();
        ChecksumAlgorithm wanted = missingChecksum(call, shown);
        // Copied onto itself, a large object stays one: only what is said of it is to change.
        boolean ontoItself = isOntoItself(call, bucket, source);
        boolean moves = !classOf(attributes, bucket).equals(classOf(source.attributes(), null));
        if (wanted != null || moves || (shown.isLarge() && !ontoItself)) {
            requireCopied(shown.sizeBytes());
            return store.put(
                    call.caller(),
                    new PutCommand(
                            bucket.id(), call.key(), ShownObject.inOnePiece(attributes), condition),
                    ChecksummedBody.of(
                            new ContentRange(shown.whole(), 0, shown.sizeBytes()), wanted));
        }
        VersionRef ref = new VersionRef(source.bucketId(), source.key(), source.position());
        return store.change(
                call.caller(),
                new ObjectChange.CopyObject(
                        bucket.id(), call.key(), ref, withClassOf(source, attributes), condition));
    }

    /**
     * @param bucket whose class counts when the object has none; null for none
     */
    private String classOf(Attributes attributes, @Nullable Bucket bucket) {
        String standard = store.storageClasses().standard();
        String ofBucket =
                bucket == null
                        ? standard
                        : bucket.settings().getOrDefault(Attributes.STORAGE_CLASS, standard);
        return attributes.settings().getOrDefault(Attributes.STORAGE_CLASS, ofBucket);
    }

    /** What shares the bytes of another object is where that is. */
    private static Attributes withClassOf(ObjectVersion source, Attributes attributes) {
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        settings.remove(Attributes.STORAGE_CLASS);
        String name = source.attributes().settings().get(Attributes.STORAGE_CLASS);
        if (name != null) {
            settings.put(Attributes.STORAGE_CLASS, name);
        }
        return attributes.withSettings(settings);
    }

    /** Where bytes move, S3's bound on what is copied at one go holds. */
    static void requireCopied(long sizeBytes) {
        if (sizeBytes > ObjectWrites.MAX_SINGLE_PUT_BYTES) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "The specified copy source is larger than the maximum allowable size for a"
                            + " copy source: "
                            + ObjectWrites.MAX_SINGLE_PUT_BYTES);
        }
    }

    /**
     * Of what is kept about the source, the tags go along unless the request has others, and so
     * does what the object is made of; access and expiry are the copy's own, but that an object
     * copied onto itself still expires.
     */
    private static SortedMap<String, String> settings(
            ObjectVersion source,
            SortedMap<String, String> requested,
            boolean retag,
            boolean ontoItself) {
        SortedMap<String, String> settings = new TreeMap<>(source.attributes().settings());
        settings.remove(AccessList.SETTING);
        settings.remove(Attributes.ORIGIN);
        settings.remove(Attributes.STORAGE_CLASS);
        if (!ontoItself) {
            settings.remove(Attributes.EXPIRES);
        }
        if (retag) {
            settings.remove(Tags.SETTING);
            settings.putAll(requested);
        } else {
            requested.forEach(
                    (name, value) -> {
                        if (!name.equals(Tags.SETTING)) {
                            settings.put(name, value);
                        }
                    });
        }
        return settings;
    }

    /** A redirect is never copied: it is set by the request alone. */
    private static Attributes attributes(S3Call call, ObjectVersion source, boolean replace) {
        Attributes requested = ObjectHeaders.attributes(call);
        if (replace) {
            return ObjectHeaders.withForeign(requested, source.attributes());
        }
        String redirect = requested.headers().get(ObjectHeaders.REDIRECT);
        if (redirect == null
                && !source.attributes().headers().containsKey(ObjectHeaders.REDIRECT)) {
            return source.attributes();
        }
        SortedMap<String, String> headers = new TreeMap<>(source.attributes().headers());
        headers.remove(ObjectHeaders.REDIRECT);
        if (redirect != null) {
            headers.put(ObjectHeaders.REDIRECT, redirect);
        }
        return new Attributes(headers, source.attributes().metadata());
    }

    /** The checksum that is asked for and that the source does not have. */
    private static @Nullable ChecksumAlgorithm missingChecksum(S3Call call, ShownObject source) {
        String header = call.header("x-amz-checksum-algorithm");
        if (header == null) {
            return null;
        }
        ChecksumAlgorithm wanted = ChecksumNames.algorithm(header);
        boolean has = source.checksums().stream().anyMatch(c -> c.algorithm() == wanted);
        return has ? null : wanted;
    }

    private HttpResponse answer(
            S3Call call, Bucket bucket, Found found, Outcome outcome, Precondition condition) {
        ObjectVersion version =
                WriteConditions.expect(
                                Outcome.ObjectPut.class, outcome, call, store, bucket, condition)
                        .version();
        XmlWriter xml =
                XmlWriter.document("CopyObjectResult")
                        .element("LastModified", Timestamps.iso(version.createdMicros()))
                        .element(
                                "ETag",
                                ETags.quoted(resources.shown(call, bucket, version).etag()));
        ObjectHeaders.addChecksumElements(xml, version.checksums());
        if (!version.checksums().isEmpty()) {
            xml.element("ChecksumType", version.checksums().getFirst().type().name());
        }
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/xml");
        ObjectHeaders.addVersion(out, bucket, version);
        addSourceVersion(out, found);
        return out.body(xml.finish());
    }

    static void addSourceVersion(HttpResponse.Builder out, Found found) {
        if (Resources.showsVersions(found.bucket())) {
            out.header(
                    "x-amz-copy-source-version-id",
                    WireIds.ofVersion(found.shown().named().versionId()));
        }
    }
}
