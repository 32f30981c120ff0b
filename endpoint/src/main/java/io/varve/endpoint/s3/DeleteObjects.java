package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Deletes up to a thousand keys in one request. Safe for use by many threads. */
final class DeleteObjects {
    private final ObjectStore store;
    private final Resources resources;

    DeleteObjects(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    HttpResponse handle(S3Call call) throws IOException {
        Bucket bucket = resources.anyBucket(call);
        DeleteRequest request =
                DeleteRequest.parse(RequestDocument.read(call, RequestDocument.MAX_BYTES));
        List<DeleteRequest.Entry> entries = new ArrayList<>();
        List<ObjectChange> changes = new ArrayList<>();
        for (DeleteRequest.Entry requested : request.entries()) {
            DeleteRequest.Entry entry = allowed(call, bucket, requested);
            entries.add(entry);
            if (entry.refusal() == null) {
                changes.add(entry.change(store, bucket.id()));
            }
        }
        List<Outcome> outcomes = store.changeAll(call.caller(), changes);
        XmlWriter xml = XmlWriter.document("DeleteResult");
        int next = 0;
        for (DeleteRequest.Entry entry : entries) {
            S3Refusal refusal = entry.refusal();
            if (refusal != null) {
                error(xml, entry, refusal);
            } else {
                tell(xml, call, entry, outcomes.get(next++), request.quiet());
            }
        }
        return call.document(xml);
    }

    /** Each key is allowed or refused by itself. */
    private DeleteRequest.Entry allowed(S3Call call, Bucket bucket, DeleteRequest.Entry entry) {
        if (entry.refusal() != null) {
            return entry;
        }
        Right right = Right.deleteObject(entry.versionId() != null);
        boolean allowed =
                resources
                        .access()
                        .allows(
                                call,
                                bucket,
                                right,
                                entry.key(),
                                () -> resources.find(bucket, entry.key(), null));
        return allowed ? entry : entry.refused(S3Error.ACCESS_DENIED.refusal());
    }

    private static void tell(
            XmlWriter xml, S3Call call, DeleteRequest.Entry entry, Outcome outcome, boolean quiet) {
        if (outcome instanceof Outcome.Refused(var reason)) {
            error(xml, entry, Resources.refusal(reason, call));
            return;
        }
        if (quiet) {
            return;
        }
        Outcome.ObjectDeleted deleted = Outcomes.expect(Outcome.ObjectDeleted.class, outcome, call);
        xml.start("Deleted").element("Key", entry.key());
        if (entry.versionId() != null) {
            xml.element("VersionId", entry.versionId());
        }
        VersionId shown = deleted.versionId();
        if (deleted.deleteMarker() && shown != null) {
            xml.element("DeleteMarker", true)
                    .element("DeleteMarkerVersionId", WireIds.ofVersion(shown));
        }
        xml.end();
    }

    private static void error(XmlWriter xml, DeleteRequest.Entry entry, S3Refusal refusal) {
        xml.start("Error").element("Key", entry.key());
        if (entry.versionId() != null) {
            xml.element("VersionId", entry.versionId());
        }
        xml.element("Code", refusal.error().code()).element("Message", refusal.message()).end();
    }
}
