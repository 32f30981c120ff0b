package io.varve.endpoint.s3;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.access.AccessNeed;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastStore;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.DiffQuery;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Brings back what a bucket held: in place, where it was removed by making it anew, or in another
 * bucket. Safe for use by many threads.
 */
final class RestoreDocuments {
    /** No bucket has this id. */
    private static final long NO_BUCKET = 0;

    private static final int BUCKETS_PER_REQUEST = 1000;
    private static final Right RESTORE = new Right("varve:RestoreBucket", AccessNeed.OWNER_WRITE);

    private final ObjectStore store;
    private final Access access;
    private final Moments moments;

    RestoreDocuments(ObjectStore store, Access access) {
        this.store = store;
        this.access = access;
        this.moments = new Moments(store);
    }

    /** The buckets that there were: all for an administrator, else the caller's own. */
    HttpResponse buckets(S3Call call) {
        if (!call.requester().mayOwn()) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        Moment at = moments.of(call, "at", "");
        boolean all = call.requester().isAdmin();
        NamespaceView view = PastStore.of(store, at).view();
        var page =
                view.buckets(
                        all ? null : call.account(),
                        "",
                        call.query().first("after"),
                        BUCKETS_PER_REQUEST);
        ObjectNode document = Json.object();
        Moments.put(document, "at", at);
        ArrayNode list = document.putArray("buckets");
        for (Bucket bucket : page) {
            list.addObject()
                    .put("name", calledName(bucket))
                    .put("owner", bucket.owner())
                    .put("present", store.view().bucket(bucket.storedName()).isPresent());
        }
        if (page.size() == BUCKETS_PER_REQUEST) {
            Bucket last = page.getLast();
            document.put("next", all ? last.storedName() : last.name());
        }
        return PastDocuments.answer(call, document);
    }

    /** How any account can call it. */
    private static String calledName(Bucket bucket) {
        return bucket.isNamedByAccount() ? bucket.owner() + ":" + bucket.name() : bucket.name();
    }

    HttpResponse restore(S3Call call) {
        String sourceName = call.query().first("from-bucket");
        String named = sourceName == null ? call.bucketName() : sourceName;
        Moment to = moments.of(call, "to", named);
        Bucket source = moments.bucketAt(call, named, to).orElseThrow(() -> noSuchBucket(named));
        boolean dryRun = call.query().has("dry-run");
        Optional<Bucket> there = moments.bucket(call, call.bucketName());
        Bucket rights = there.orElse(source);
        if (there.isEmpty() && sourceName != null) {
            throw noSuchBucket(call.bucketName());
        }
        access.require(call, rights, RESTORE, null, Optional::empty);
        Bucket target = there.isPresent() || dryRun ? rights : again(call, source);
        return restore(
                call, there.isPresent() || !dryRun ? target.id() : NO_BUCKET, target, to, source);
    }

    private HttpResponse restore(
            S3Call call, long targetId, Bucket target, Moment to, Bucket source) {
        boolean dryRun = call.query().has("dry-run");
        Moment now = moments.now();
        RestoredStretch stretch =
                new RestoredStretch(
                        store.view().at(now),
                        new DiffQuery.Side(targetId, now),
                        new DiffQuery.Side(source.id(), to),
                        call.query().firstOrEmpty("prefix"),
                        call.query().first("after"),
                        since(call));
        boolean onlyMissing = call.query().firstOrEmpty("mode").equals("undelete");
        Restoring restoring =
                new Restoring(call, access, target, source, onlyMissing, now.micros() / 1_000_000);
        Restoring.Counts counts =
                dryRun ? restoring.count(stretch) : restoring.apply(store, stretch);
        ObjectNode document = Json.object();
        Moments.put(document, "from", now);
        Moments.put(document, "to", to);
        document.put("same", stretch.sameCount());
        String next = stretch.resumeAfter();
        if (next != null) {
            document.put("next", next);
        }
        document.put("restored", counts.restored());
        document.put("removed", counts.removed());
        document.put("refused", counts.refused());
        document.put("bytes", counts.bytes());
        return PastDocuments.answer(call, document);
    }

    private @Nullable Moment since(S3Call call) {
        return call.query().has("if-unchanged-since")
                ? moments.of(call, "if-unchanged-since", call.bucketName())
                : null;
    }

    /** A bucket that was removed, for who owned it and with the settings that it had in the end. */
    private Bucket again(S3Call call, Bucket removed) {
        Outcome made =
                store.change(
                        call.caller(),
                        new BucketChange.CreateBucket(
                                removed.storedName(), removed.owner(), removed.settings()));
        if (!(made instanceof Outcome.BucketCreated created)) {
            throw S3Error.OPERATION_ABORTED.refusal("The bucket was made again meanwhile.");
        }
        if (removed.versioning() != Versioning.OFF) {
            Outcome unused =
                    store.change(
                            call.caller(),
                            new BucketChange.SetVersioning(
                                    created.bucketId(), removed.versioning()));
        }
        return store.view()
                .bucket(created.bucketId())
                .orElseThrow(() -> noSuchBucket(call.bucketName()));
    }

    private static S3Refusal noSuchBucket(String name) {
        return S3Error.NO_SUCH_BUCKET.refusal().with("BucketName", name);
    }
}
