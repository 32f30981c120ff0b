package io.varve.endpoint.s3;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.access.AccessNeed;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastStore;
import io.varve.projections.KeyOrder;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.DiffPage;
import io.varve.projections.namespace.DiffQuery;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    private static final Right RESTORE = new Right("varve:RestoreBucket", AccessNeed.OWNER_WRITE);

    private final ObjectStore store;
    private final Resources resources;
    private final SnapshotDocuments snapshots;

    PastDocuments(ObjectStore store) {
        this.store = store;
        this.resources = new Resources(store);
        this.snapshots = new SnapshotDocuments(store);
    }

    static boolean isAsked(S3Request request) {
        return request.query().has(PARAMETER)
                && request.address().level() == RequestAddress.Level.BUCKET;
    }

    HttpResponse answer(S3Call call) {
        String what = call.query().firstOrEmpty(PARAMETER);
        return switch (call.request().method() + " " + what) {
            case "GET list" -> list(call);
            case "GET diff" -> diff(call);
            case "POST restore" -> restore(call);
            case "GET snapshot" -> snapshots.list(call);
            case "PUT snapshot" -> snapshots.create(call);
            case "DELETE snapshot" -> snapshots.remove(call);
            default ->
                    throw S3Refusal.invalidArgument(
                            "It is GET, PUT or DELETE ?varve-past=snapshot, GET ?varve-past=list,"
                                    + " GET ?varve-past=diff, or POST ?varve-past=restore.",
                            PARAMETER,
                            what);
        };
    }

    /** What there was, as a listing without delimiter. */
    private HttpResponse list(S3Call call) {
        AsOf asOf = asOf(call, "at");
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
        put(document, "at", moment(call, asOf));
        ArrayNode list = document.putArray("objects");
        page.objects().forEach(object -> put(list.addObject().put("key", object.key()), object));
        String next = page.next();
        if (next != null) {
            document.put("next", next);
        }
        return answer(call, document);
    }

    private HttpResponse diff(S3Call call) {
        Moment from = moment(call, "from");
        Moment to = call.query().has("to") ? moment(call, "to") : now();
        Bucket bucket = bucket(call, to, from);
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

    private HttpResponse restore(S3Call call) {
        Moment to = moment(call, "to");
        Bucket bucket = resources.anyBucket(call);
        resources.access().require(call, bucket, RESTORE, null, Optional::empty);
        NamespaceView view = store.view();
        Moment since =
                call.query().has("if-unchanged-since") ? moment(call, "if-unchanged-since") : null;
        Moment now = now();
        // The difference that a restore makes: from what is now to what was.
        DiffPage page = view.at(now).diff(query(call, bucket, now, to));
        if (since != null && changed(call, bucket, since, now, page)) {
            throw S3Error.PRECONDITION_FAILED.refusal(
                    "The bucket has changed since position " + since.position() + ".");
        }
        boolean dryRun = call.query().has("dry-run");
        boolean onlyMissing = call.query().firstOrEmpty("mode").equals("undelete");
        Restoring restoring =
                new Restoring(store, call.caller(), bucket, onlyMissing, now.micros() / 1_000_000);
        Restoring.Counts counts =
                dryRun ? restoring.count(page.differences()) : restoring.apply(page.differences());
        ObjectNode document = head(now, to, page);
        document.put("restored", counts.restored());
        document.put("removed", counts.removed());
        document.put("refused", counts.refused());
        document.put("bytes", counts.bytes());
        return answer(call, document);
    }

    /** Whether anything in the stretch that is about to be restored is not as it was then. */
    private boolean changed(
            S3Call call, Bucket bucket, Moment since, Moment now, DiffPage restored) {
        String after = call.query().first("after");
        String end = restored.next();
        while (true) {
            DiffQuery query =
                    new DiffQuery(
                            bucket.id(),
                            call.query().firstOrEmpty("prefix"),
                            since,
                            now,
                            after,
                            1,
                            KEYS_PER_REQUEST);
            DiffPage page = store.view().at(now).diff(query);
            if (!page.differences().isEmpty()) {
                String key = page.differences().getFirst().key();
                return end == null || compare(key, end) <= 0;
            }
            after = page.next();
            if (after == null || (end != null && compare(after, end) >= 0)) {
                return false;
            }
        }
    }

    private static int compare(String a, String b) {
        return KeyOrder.BYTES.compare(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** As it is now, or else as it was at one of the moments. */
    private Bucket bucket(S3Call call, Moment... moments) {
        String stored = storedName(call);
        Optional<Bucket> bucket = store.view().bucket(stored);
        for (Moment moment : moments) {
            bucket = bucket.or(() -> PastStore.of(store, moment).view().bucket(stored));
        }
        return bucket.orElseThrow(
                () -> S3Error.NO_SUCH_BUCKET.refusal().with("BucketName", call.bucketName()));
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

    private Moment now() {
        return store.view().momentOf(store.view().appliedPosition());
    }

    private Moment moment(S3Call call, String parameter) {
        return moment(call, asOf(call, parameter));
    }

    private Moment moment(S3Call call, AsOf asOf) {
        return asOf.in(
                store.view(),
                store.view().bucket(storedName(call)),
                call.request().http().receivedAt());
    }

    private String storedName(S3Call call) {
        return BucketNames.storedName(store.names(), call.account(), call.bucketName());
    }

    private static AsOf asOf(S3Call call, String parameter) {
        String text = call.query().firstOrEmpty(parameter);
        return AsOf.parse(text)
                .orElseThrow(
                        () ->
                                S3Refusal.invalidArgument(
                                        "A moment is a time, a position, or snapshot: and a name.",
                                        parameter,
                                        text));
    }

    private static ObjectNode head(Moment from, Moment to, DiffPage page) {
        ObjectNode document = Json.object();
        put(document, "from", from);
        put(document, "to", to);
        document.put("same", page.sameCount());
        String next = page.next();
        if (next != null) {
            document.put("next", next);
        }
        return document;
    }

    private static void put(ObjectNode document, String name, Moment moment) {
        put(document.putObject(name), moment);
    }

    static void put(ObjectNode node, Moment moment) {
        node.put("position", moment.position()).put("time", time(moment.micros()));
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    private static void put(ObjectNode node, String name, @Nullable ObjectVersion version) {
        if (version != null) {
            put(node.putObject(name), version);
        }
    }

    private static void put(ObjectNode node, ObjectVersion version) {
        node.put("etag", version.etag())
                .put("sizeBytes", version.sizeBytes())
                .put("modified", time(version.createdMicros()))
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
