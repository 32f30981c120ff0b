package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.Backlog;
import io.varve.dr.replica.Lag;
import io.varve.dr.replica.MergeRule;
import io.varve.dr.replica.ReplicaException;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.replica.Divergences;
import io.varve.endpoint.replica.ReplicaService;
import io.varve.endpoint.replica.ShippingLimits;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.ReplicaState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code /varve/v1/dr}: the pair of sites. */
final class ReplicaOperations implements AdminEndpoint.Operations {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What a question for the status may spend on counting. */
    private static final long COUNTING_MS = 2_000;

    private final ReplicaService service;

    ReplicaOperations(ReplicaService service) {
        this.service = service;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) throws IOException {
        if (call.is("GET", "dr")) {
            call.operation("GetReplica");
            return AdminCall.json(200, status());
        }
        if (call.is("POST", "dr", "tokens")) {
            call.operation("MakeReplicaToken");
            return AdminCall.json(200, Json.object().put("token", service.tokens().issue()));
        }
        if (call.is("POST", "dr", "promote")) {
            call.operation("Promote");
            AdminDocument document = call.document();
            document.requireOnly("force");
            return promote(document.flag("force"));
        }
        if (call.is("GET", "dr", "verify")) {
            call.operation("GetReplicaVerification");
            return AdminCall.json(200, service.verification());
        }
        if (call.is("POST", "dr", "verify")) {
            call.operation("VerifyReplica");
            return verify(call.document());
        }
        if (call.is("GET", "dr", "drill")) {
            call.operation("GetDrill");
            return AdminCall.json(200, service.drilled());
        }
        if (call.is("POST", "dr", "drill")) {
            call.operation("Drill");
            return drill();
        }
        if (call.is("POST", "dr", "limits")) {
            call.operation("LimitReplica");
            return limit(call.document());
        }
        if (call.is("GET", "dr", "divergence")) {
            call.operation("GetDivergence");
            return divergence(false);
        }
        if (call.is("GET", "dr", "divergence", "records")) {
            call.operation("GetDivergence");
            return divergence(true);
        }
        if (call.is("POST", "dr", "divergence")) {
            call.operation("MergeDivergence");
            return merge(call.document());
        }
        if (call.fits("dr", "verify")
                || call.fits("dr", "drill")
                || call.fits("dr", "limits")
                || call.fits("dr", "divergence")
                || call.fits("dr", "divergence", "records")
                || call.fits("dr")
                || call.fits("dr", "tokens")
                || call.fits("dr", "promote")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse verify(AdminDocument document) {
        document.requireOnly("deep");
        try {
            service.verify(document.flag("deep"));
            return AdminCall.json(202, service.verification());
        } catch (ReplicaException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse drill() {
        try {
            service.drill();
            return AdminCall.json(202, service.drilled());
        } catch (ReplicaException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse limit(AdminDocument document) {
        document.requireOnly("bytes_per_second", "compress");
        ShippingLimits before = service.limits();
        ShippingLimits now =
                new ShippingLimits(
                        document.number(
                                "bytes_per_second", before.bytesPerSecond(), Long.MAX_VALUE),
                        document.has("compress") ? document.flag("compress") : before.compress());
        try {
            service.limits(now);
            return AdminCall.json(200, status());
        } catch (ReplicaException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse divergence(boolean records) {
        try {
            return AdminCall.json(200, service.divergence(records));
        } catch (ReplicaException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse merge(AdminDocument document) {
        document.requireOnly("rule", "bucket", "key", "position");
        String bucket = document.text("bucket", "");
        String key = document.text("key", "");
        MergeRule rule;
        try {
            rule = MergeRule.of(document.text("rule"));
        } catch (IllegalArgumentException e) {
            throw AdminRefusal.badRequest("rule is one of " + List.of(MergeRule.values()));
        }
        if (bucket.isEmpty() && !key.isEmpty()) {
            throw AdminRefusal.badRequest("of a key the bucket has to be told");
        }
        try {
            service.merge(
                    rule,
                    new Divergences.Choice(
                            bucket.isEmpty() ? null : bucket,
                            key.isEmpty() ? null : key,
                            document.number("position", 0, Long.MAX_VALUE)));
            return AdminCall.json(202, service.divergence(false));
        } catch (ReplicaException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse promote(boolean force) {
        try {
            ReplicaService.Promotion done = service.promote(force);
            ObjectNode answer = Json.object();
            answer.put("term", done.term()).put("position", done.position());
            answer.put("duration_ms", done.durationMs());
            answer.put("records_known_missing", done.recordsMissing());
            return AdminCall.json(200, answer);
        } catch (ReplicaException e) {
            throw AdminRefusal.conflict(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AdminRefusal.unavailable();
        }
    }

    private ObjectNode status() {
        ReplicaState state = service.state();
        ReplicaState.Peer peer = state.peer();
        ObjectNode answer = Json.object();
        answer.put("role", state.follows() ? "standby" : "primary");
        answer.put("writable", service.writable());
        answer.put("term", state.term());
        answer.put("peer", peer == null ? "" : peer.url());
        answer.put("position", service.journal().endPosition());
        answer.put("applied_position", service.appliedPosition());
        ObjectNode limits = answer.putObject("limits");
        limits.put("bytes_per_second", service.limits().bytesPerSecond());
        limits.put("compress", service.limits().compress());
        Instant verified = service.lastFullPass();
        answer.put("last_full_pass", verified == null ? "" : verified.toString());
        answer.put("too_far_behind", service.tooFarBehind());
        answer.put("whole_from", state.wholeFrom());
        answer.put("whole", service.appliedPosition() >= state.wholeFrom());
        Optional<Lag> lag = service.lag();
        if (lag.isPresent()) {
            lag(answer.putObject("lag"), lag.get());
        }
        if (!state.follows()) {
            ObjectNode standby = answer.putObject("standby");
            standby.put("changes_wait", service.waitsForStandby());
            standby.put("position", service.standbyPosition());
            Backlog.Now now = service.backlog(COUNTING_MS);
            boolean known = service.standbyPosition() >= 0;
            standby.put("records_behind", known ? now.records() : -1);
            standby.put("bytes_behind", known ? now.bytes() : -1);
            standby.put("oldest_missing", time(now.oldestMicros()));
            standby.put("silent_ms", known ? service.standbySilence().toMillis() : -1);
        }
        return answer;
    }

    private static void lag(ObjectNode document, Lag lag) {
        long ageNanos = lag.ageNanos(System.nanoTime());
        document.put("contact", lag.contact());
        document.put("trouble", lag.trouble());
        document.put("primary_position", lag.peerEnd());
        document.put("records", lag.records());
        document.put("bytes", lag.bytes());
        document.put("age_seconds", ageNanos < 0 ? -1 : ageNanos / NANOS_PER_SECOND);
        document.put("oldest_missing", time(lag.oldestMissingMicros()));
        document.put("records_per_second", Math.round(lag.recordsPerSecond()));
        document.put("new_records_per_second", Math.round(lag.arrivalsPerSecond()));
        document.put("seconds_to_catch_up", lag.secondsToCatchUp());
    }

    private static String time(long micros) {
        return micros == 0 ? "" : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
