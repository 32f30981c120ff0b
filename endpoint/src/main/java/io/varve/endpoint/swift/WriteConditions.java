package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.link.SymbolicLink;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import java.util.Optional;

/**
 * Under which conditions a PUT takes effect. An ETag is compared with what a reader is shown: of a
 * large object that is the whole's, of a link that of what it leads to. Safe for use by many
 * threads.
 */
final class WriteConditions {
    private final Containers containers;
    private final ObjectReads reads;

    WriteConditions(Containers containers, ObjectReads reads) {
        this.containers = containers;
        this.reads = reads;
    }

    Precondition of(SwiftCall call, Bucket bucket) {
        String ifNoneMatch = call.header("if-none-match");
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals("*")) {
                throw StatusPage.BAD_REQUEST.plain("If-None-Match only supports *");
            }
            return new Precondition.IfAbsent();
        }
        String ifMatch = call.header("if-match");
        if (ifMatch == null) {
            return Precondition.NONE;
        }
        String etag = Representation.bare(ifMatch.strip());
        Optional<ObjectVersion> madeOfOthers =
                containers
                        .current(bucket, call.objectName())
                        .filter(WriteConditions::isMadeOfOthers);
        return new Precondition.IfMatch(
                madeOfOthers.isEmpty() || etag.equals("*")
                        ? etag
                        : kept(call, bucket, madeOfOthers.get(), etag));
    }

    private static boolean isMadeOfOthers(ObjectVersion object) {
        return LargeObject.of(object).isPresent() || SymbolicLink.of(object).isPresent();
    }

    /** The ETag that the object itself has, if the one it shows is this. */
    private String kept(SwiftCall call, Bucket bucket, ObjectVersion object, String etag) {
        String shown;
        try {
            shown = Representation.bare(reads.linked(call, bucket, object).etag());
        } catch (SwiftRefusal _) {
            // What it is made of is gone, or is nothing that the sender may see.
            throw StatusPage.PRECONDITION_FAILED.refusal();
        }
        if (!shown.equals(etag)) {
            throw StatusPage.PRECONDITION_FAILED.refusal();
        }
        return object.etag();
    }
}
