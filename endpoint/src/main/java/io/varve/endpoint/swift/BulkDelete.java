package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.BucketChange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Deletes many objects and containers by one request: a name on each line of its body. */
final class BulkDelete {
    static final int MAX_DELETES = 10_000;
    static final int MAX_FAILURES = 1000;
    private static final int MAX_LINE_BYTES = 3 * (256 + 1024 + 2);

    private final ObjectStore store;
    private final Containers containers;
    private final Versions versions;

    BulkDelete(ObjectStore store, Containers containers, Versions versions) {
        this.versions = versions;
        this.store = store;
        this.containers = containers;
    }

    HttpResponse handle(SwiftCall call) throws IOException {
        if (call.request().http().contentLength().isEmpty() && !call.request().http().chunked()) {
            throw StatusPage.LENGTH_REQUIRED.refusal("Missing Content-Length header.");
        }
        String type = BulkReport.contentType(call.request());
        BulkReport report = new BulkReport();
        Tally tally = new Tally(report);
        String status = StatusPage.OK.line();
        int max = MAX_DELETES * MAX_LINE_BYTES;
        byte[] body = call.request().http().body().readNBytes(max + 1);
        if (body.length > max) {
            throw StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal();
        }
        String[] lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
        int count = 0;
        for (String line : lines) {
            String name = line.strip();
            if (name.isEmpty()) {
                continue;
            }
            if (++count > MAX_DELETES) {
                status = StatusPage.REQUEST_ENTITY_TOO_LARGE.line();
                report.fact(
                        "Response Body",
                        "Maximum Bulk Deletes: %d per request".formatted(MAX_DELETES));
                break;
            }
            delete(call, name, tally);
            if (report.failureCount() >= MAX_FAILURES) {
                break;
            }
        }
        if (count == 0) {
            status = StatusPage.BAD_REQUEST.line();
            report.fact("Response Body", "Invalid bulk delete.");
        } else if (report.hasFailures() && status.equals(StatusPage.OK.line())) {
            status = StatusPage.BAD_REQUEST.line();
        }
        report.factIfAbsent("Response Body", "")
                .fact("Response Status", status)
                .fact("Number Deleted", tally.deleted)
                .fact("Number Not Found", tally.notFound);
        return call.respond(200)
                .header("Content-Type", type)
                .body(report.written(type, "delete").getBytes(StandardCharsets.UTF_8));
    }

    private static final class Tally {
        private final BulkReport report;
        private int deleted;
        private int notFound;

        Tally(BulkReport report) {
            this.report = report;
        }
    }

    private void delete(SwiftCall call, String line, Tally tally) {
        String decoded = Percent.decode(line).orElse("");
        String name = decoded.startsWith("/") ? decoded.substring(1) : decoded;
        int slash = name.indexOf('/');
        String container = slash < 0 ? name : name.substring(0, slash);
        String object = slash < 0 ? "" : name.substring(slash + 1);
        if (container.isEmpty() || decoded.indexOf('\0') >= 0) {
            tally.report.failure(line, StatusPage.PRECONDITION_FAILED.line());
            return;
        }
        Optional<Bucket> bucket = containers.find(call.account(), container);
        boolean allowed =
                (object.isEmpty() || bucket.isEmpty())
                        ? call.mayWrite()
                        : containers.mayDelete(call, bucket.get(), object);
        if (!allowed) {
            StatusPage page =
                    call.sender() == null ? StatusPage.UNAUTHORIZED : StatusPage.FORBIDDEN;
            tally.report.failure(line, page.line());
        } else if (bucket.isEmpty()) {
            tally.notFound++;
        } else {
            count(line, carryOut(call, bucket.get(), object), tally);
        }
    }

    private Outcome carryOut(SwiftCall call, Bucket bucket, String object) {
        return object.isEmpty()
                ? store.change(call.caller(), new BucketChange.DeleteBucket(bucket.id()))
                : versions.remove(call, bucket, object);
    }

    private static void count(String line, Outcome outcome, Tally tally) {
        if (!(outcome instanceof Outcome.Refused(Refusal reason))) {
            tally.deleted++;
        } else if (reason == Refusal.BUCKET_NOT_EMPTY) {
            tally.report.failure(line, StatusPage.CONFLICT.line());
        } else {
            tally.notFound++;
        }
    }
}
