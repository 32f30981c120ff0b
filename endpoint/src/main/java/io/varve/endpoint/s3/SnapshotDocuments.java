package io.varve.endpoint.s3;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.access.AccessNeed;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.BucketChange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Snapshot;

import java.util.Optional;

/** Names for moments of a bucket: made, listed and taken away. Safe for use by many threads. */
final class SnapshotDocuments {
    private static final Right SNAPSHOT = new Right("varve:SnapshotBucket", AccessNeed.OWNER_WRITE);

    private final ObjectStore store;
    private final Resources resources;

    SnapshotDocuments(ObjectStore store) {
        this.store = store;
        this.resources = new Resources(store);
    }

    HttpResponse list(S3Call call) {
        Bucket bucket = resources.anyBucket(call);
        resources.access().require(call, bucket, Right.LIST_BUCKET, null, Optional::empty);
        ObjectNode document = Json.object();
        ArrayNode list = document.putArray("snapshots");
        for (Snapshot snapshot : store.view().snapshots(bucket.id())) {
            put(list.addObject(), snapshot);
        }
        return PastDocuments.answer(call, document);
    }

    HttpResponse create(S3Call call) {
        Bucket bucket = owned(call);
        String name = name(call);
        apply(call, new BucketChange.CreateSnapshot(bucket.id(), name));
        Snapshot snapshot =
                store.view()
                        .snapshot(bucket.id(), name)
                        .orElseThrow(
                                () ->
                                        S3Error.OPERATION_ABORTED.refusal(
                                                "The snapshot was removed again meanwhile."));
        ObjectNode document = Json.object();
        put(document, snapshot);
        return PastDocuments.answer(call, document);
    }

    HttpResponse remove(S3Call call) {
        apply(call, new BucketChange.RemoveSnapshot(owned(call).id(), name(call)));
        return call.respond(204).build();
    }

    private Bucket owned(S3Call call) {
        Bucket bucket = resources.anyBucket(call);
        resources.access().require(call, bucket, SNAPSHOT, null, Optional::empty);
        return bucket;
    }

    private static String name(S3Call call) {
        String name = call.query().firstOrEmpty("name");
        if (!AsOf.SNAPSHOT_NAME.matcher(name).matches()) {
            throw S3Refusal.invalidArgument(
                    "A snapshot's name is up to 63 small letters, digits and hyphens.",
                    "name",
                    name);
        }
        return name;
    }

    private void apply(S3Call call, BucketChange change) {
        if (store.change(call.caller(), change) instanceof Outcome.Refused refused) {
            throw Resources.refusal(refused.reason(), call);
        }
    }

    private static void put(ObjectNode node, Snapshot snapshot) {
        node.put("name", snapshot.name());
        Moments.put(node, snapshot.moment());
    }
}
