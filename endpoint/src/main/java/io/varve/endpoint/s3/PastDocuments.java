package io.varve.endpoint.s3;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.access.AccessNeed;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastStore;
import io.varve.journal.record.ObjectChange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.DiffPage;
import io.varve.projections.namespace.DiffQuery;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * What S3 has no word for: what differs between two moments of a bucket, and to bring one back. A
 * request names it by the query parameter {@code varve-past}; it is signed like any other. Each
 * does a bounded piece and says where the next begins, so that nothing is held here between them.
 * Safe for use by many threads.
 */
final class PastDocuments {
    static final String PARAMETER = "varve-past";

    private static final int KEYS_PER_REQUEST = 20_000;
    private static final int DIFFERENCES_PER_REQUEST = 2000;
    private static final int LISTED_PER_REQUEST = 1000;

    private static final Right ERASE = new Right("varve:EraseHistory", AccessNeed.OWNER_WRITE);

    private final ObjectStore store;
    private final Resources resources;
    private final SnapshotDocuments snapshots;
    private final RestoreDocuments restores;
    private final Moments moments;

    PastDocuments(ObjectStore store) {
        this.store = store;
        this.resources = new Resources(store);
        this.snapshots = new SnapshotDocuments(store);
        this.restores = new RestoreDocuments(store, resources.access());
        this.moments = new Moments(store);
    }

    static boolean isAsked(S3Request request) {
        return request.query().has(PARAMETER)
                && request.address().level() != RequestAddress.Level.OBJECT;
    }

    HttpResponse answer(S3Call call) {
        String what = call.query().firstOrEmpty(PARAMETER);
        if (call.request().address().level() == RequestAddress.Level.SERVICE) {
            return ofTheSite(call, what);
        }
        return switch (call.request().method() + " " + what) {
            case "GET list" -> list(call);
            case "GET diff" -> diff(call);
            case "POST restore" -> restores.restore(call);
            case "POST erase" -> erase(call);
            case "GET snapshot" -> snapshots.list(call);
            case "PUT snapshot" -> snapshots.create(call);
            case "DELETE snapshot" -> snapshots.remove(call);
            default ->
                    throw S3Refusal.invalidArgument(
                            "It is GET, PUT or DELETE ?varve-past=snapshot, GET ?varve-past=list,"
                                    + " GET ?varve-past=diff, POST ?varve-past=restore, or POST"
                                    + " ?varve-past=erase.",
                            PARAMETER,
                            what);
        };
    }

    private HttpResponse ofTheSite(S3Call call, String what) {
        if (call.request().method().equals("GET") && what.equals("buckets")) {
            return restores.buckets(call);
        }
        throw S3Refusal.invalidArgument("It is GET /?varve-past=buckets.", PARAMETER, what);
    }

    /** What there was, as a listing without delimiter. */
    private HttpResponse list(S3Call call) {
        AsOf asOf = Moments.asOf(call, "at");
        PastStore past = PastOperations.storeAt(store, asOf, call);
        Bucket bucket = new Resources(past).anyBucket(call);
        resources.access().require(call, bucket, Right.LIST_BUCKET, null, Optional::empty);
        ListPage page =
                past.view()
                        .list(
                                new ListQuery(
                                        bucket.id(),
                                        call.query().firstOrEmpty("prefix"),
                                        "",
                                        call.query().first("after"),
                                        LISTED_PER_REQUEST));
        ObjectNode document = Json.object();
        Moments.put(document, "at", moments.of(call, asOf, call.bucketName()));
        ArrayNode list = document.putArray("objects");
        page.objects().forEach(object -> put(list.addObject().put("key", object.key()), object));
        String next = page.next();
        if (next != null) {
            document.put("next", next);
        }
        return answer(call, document);
    }

    /** What is shown stays: it is for a delete to take it away first. */
    private HttpResponse erase(S3Call call) {
        Bucket bucket = resources.anyBucket(call);
        resources.access().require(call, bucket, ERASE, null, Optional::empty);
        String key = call.query().firstOrEmpty("key");
        if (key.isEmpty()) {
            throw S3Refusal.invalidArgument("Of which key?", "key", key);
        }
        long erased = 0;
        boolean more = true;
        while (more) {
            Outcome outcome =
                    store.change(call.caller(), new ObjectChange.EraseHistory(bucket.id(), key));
            if (!(outcome instanceof Outcome.WindowClosed closed)) {
                throw new IllegalStateException("not the outcome of an erasure: " + outcome);
            }
            erased += closed.forgotten();
            more = closed.moreDue();
        }
        ObjectNode document = Json.object();
        document.put("erased", erased);
        document.put("present", store.view().latest(bucket.id(), key).isPresent());
        return answer(call, document);
    }

    private HttpResponse diff(S3Call call) {
        String name = call.bucketName();
        Moment from = moments.of(call, "from", name);
        Moment to = call.query().has("to") ? moments.of(call, "to", name) : moments.now();
        Bucket bucket =
                moments.bucket(call, name, to, from)
                        .orElseThrow(
                                () -> S3Error.NO_SUCH_BUCKET.refusal().with("BucketName", name));
        resources.access().require(call, bucket, Right.LIST_BUCKET, null, Optional::empty);
        DiffPage page = store.view().at(to).diff(query(call, bucket, from, to));
        ObjectNode document = head(from, to, page);
        ArrayNode list = document.putArray("differences");
        for (DiffPage.Difference difference : page.differences()) {
            ObjectNode node = list.addObject();
            node.put("key", difference.key());
            node.put("change", change(difference));
            put(node, "before", difference.before());
            put(node, "after", difference.after());
        }
        return answer(call, document);
    }

    private static DiffQuery query(S3Call call, Bucket bucket, Moment from, Moment to) {
        return new DiffQuery(
                bucket.id(),
                call.query().firstOrEmpty("prefix"),
                from,
                to,
                call.query().first("after"),
                DIFFERENCES_PER_REQUEST,
                KEYS_PER_REQUEST);
    }

    private static ObjectNode head(Moment from, Moment to, DiffPage page) {
        ObjectNode document = Json.object();
        Moments.put(document, "from", from);
        Moments.put(document, "to", to);
        document.put("same", page.sameCount());
        String next = page.next();
        if (next != null) {
            document.put("next", next);
        }
        return document;
    }

    private static void put(ObjectNode node, String name, @Nullable ObjectVersion version) {
        if (version != null) {
            put(node.putObject(name), version);
        }
    }

    private static void put(ObjectNode node, ObjectVersion version) {
        node.put("etag", version.etag())
                .put("sizeBytes", version.sizeBytes())
                .put("modified", Moments.time(version.createdMicros()))
                .put("position", version.position());
    }

    private static String change(DiffPage.Difference difference) {
        if (difference.before() == null) {
            return "added";
        }
        if (difference.after() == null) {
            return "removed";
        }
        return difference.sameBytes() ? "attributes" : "changed";
    }

    static HttpResponse answer(S3Call call, ObjectNode document) {
        return call.respond(200)
                .header("Content-Type", "application/json")
                .body(Json.write(document));
    }
}
