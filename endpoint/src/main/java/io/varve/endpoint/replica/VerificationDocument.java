package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

/** What verifications have found, in JSON. */
final class VerificationDocument {
    private VerificationDocument() {}

    static ObjectNode of(Verifier.State state) {
        ObjectNode document = Json.object();
        document.put("running", state.running());
        document.put("failure", state.failure());
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
        member.put("blobs", result.blobCount()).put("bytes", result.byteCount());
        member.put("missing", result.missingCount()).put("damaged", result.damagedCount());
        member.put("unavailable", result.unavailableCount());
        result.badBlobs().forEach(member.putArray("bad_blobs")::add);
    }
}
