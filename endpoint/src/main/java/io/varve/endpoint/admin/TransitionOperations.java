package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.transition.TransitionRequest;
import io.varve.endpoint.transition.TransitionStatus;
import io.varve.projections.namespace.Bucket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code /varve/v1/transitions}: objects that go to another storage class. */
final class TransitionOperations implements AdminEndpoint.Operations {
    private static final long OLDER_THAN_MAX_SECONDS = TimeUnit.DAYS.toSeconds(36_500);

    private final EmbeddedSite site;

    TransitionOperations(EmbeddedSite site) {
        this.site = site;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) throws IOException {
        if (call.is("GET", "transitions")) {
            call.operation("ListTransitions");
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("transitions");
            site.transitions().status().forEach(status -> list.add(document(status)));
            return AdminCall.json(200, answer);
        }
        if (call.is("POST", "transitions")) {
            call.operation("StartTransition");
            return start(call);
        }
        if (call.fits("transitions")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse start(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly("bucket", "prefix", "storage_class", "older_than_seconds", "noncurrent");
        String name = wanted.text("bucket");
        Bucket bucket =
                site.store()
                        .view()
                        .bucket(name)
                        .orElseThrow(() -> AdminRefusal.notFound("bucket " + name));
        String storageClass = wanted.text("storage_class");
        if (site.store().storageClasses().pool(storageClass).isEmpty()) {
            throw AdminRefusal.badRequest("There is no storage class " + storageClass);
        }
        long olderThan = wanted.number("older_than_seconds", 0, OLDER_THAN_MAX_SECONDS);
        // Record time may be a little ahead of the clock: without an age, whatever is there goes.
        long before =
                olderThan == 0
                        ? Long.MAX_VALUE
                        : TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())
                                - TimeUnit.SECONDS.toMicros(olderThan);
        TransitionRequest request =
                new TransitionRequest(
                        bucket.id(),
                        wanted.text("prefix", ""),
                        storageClass,
                        before,
                        wanted.flag("noncurrent"));
        TransitionStatus started;
        try {
            started = site.transitions().request(request, call.principal());
        } catch (IllegalStateException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        }
        return AdminCall.json(202, document(started));
    }

    private ObjectNode document(TransitionStatus status) {
        TransitionRequest request = status.request();
        ObjectNode document = Json.object().put("id", status.id());
        document.put(
                "bucket",
                site.store()
                        .view()
                        .bucket(request.bucketId())
                        .map(Bucket::storedName)
                        .orElse("(deleted)"));
        document.put("prefix", request.prefix()).put("storage_class", request.storageClass());
        document.put("noncurrent", request.noncurrent());
        document.put("state", status.state().name().toLowerCase(Locale.ROOT));
        document.put("looked", status.looked()).put("moved", status.moved());
        document.put("moved_bytes", status.movedBytes()).put("overtaken", status.overtaken());
        document.put("failed", status.failed());
        ArrayNode failures = document.putArray("failures");
        status.failures().forEach(failures::add);
        return document;
    }
}
