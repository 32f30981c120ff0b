package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What verifications have found, in JSON. */
final class VerificationDocument {
    private VerificationDocument() {}

    static ObjectNode of(Verifier.State state) {
        ObjectNode document = Json.object();
        document.put("running", state.running());
        document.put("failure", state.failure());
        Instant pass = state.lastFullPass();
        document.put("last_full_pass", pass == null ? "" : pass.toString());
        put(document, "last", state.last());
        put(document, "last_deep", state.lastDeep());
        return document;
    }

    private static void put(
            ObjectNode document, String name, Verification.@Nullable Result result) {
        if (result == null) {
            return;
        }
        ObjectNode member = document.putObject(name);
        member.put("passed", result.passed());
        member.put("finished", result.finished().toString());
        member.put("position", result.position());
        member.put("same", result.same());
        member.put("digest_here", result.digestHere());
        member.put("digest_there", result.digestThere());
        member.put("deep", result.deep());
        Verification.Rows rows = result.rows();
        if (rows != null) {
            ObjectNode compared = member.putObject("rows");
            compared.put("ranges", rows.rangeCount()).put("count", rows.rowCount());
            compared.put("different", rows.differenceCount());
            rows.ranges().forEach(compared.putArray("different_ranges")::add);
            rows.named().forEach(compared.putArray("different_rows")::add);
        }
        Verification.Blobs blobs = result.blobs();
        member.put("blobs", blobs.count()).put("bytes", blobs.bytes());
        member.put("missing", blobs.missingCount()).put("damaged", blobs.damagedCount());
        member.put("unavailable", blobs.unavailableCount());
        member.put("repaired", blobs.repairedCount());
        blobs.bad().forEach(member.putArray("bad_blobs")::add);
    }
}
