package io.varve.endpoint.swift;

import io.varve.endpoint.access.AccessEvaluator;
import io.varve.endpoint.access.AccessNeed;
import io.varve.endpoint.access.AccessRequest;
import io.varve.endpoint.access.RequestFacts;
import io.varve.endpoint.access.Requester;
import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks the site's one judge, in the words that policies have for it. Safe for many threads. */
final class SwiftAccess {
    private final AccessEvaluator evaluator;

    SwiftAccess(ObjectStore store) {
        this.evaluator = new AccessEvaluator(account -> store.view().account(account).settings());
    }

    /** What is to be done, as policies and access lists name it. */
    enum Deed {
        LIST("s3:ListBucket", AccessNeed.LIST),
        READ("s3:GetObject", AccessNeed.READ_OBJECT),
        WRITE("s3:PutObject", AccessNeed.WRITE_OBJECT),
        DELETE("s3:DeleteObject", AccessNeed.WRITE_OBJECT);

        private final String action;
        private final AccessNeed need;

        Deed(String action, AccessNeed need) {
            this.action = action;
            this.need = need;
        }
    }

    boolean allows(
            SwiftCall call,
            Bucket bucket,
            @Nullable String key,
            Deed deed,
            Supplier<Optional<ObjectVersion>> object) {
        AccessRequest request =
                new AccessRequest(
                        requester(call.sender()),
                        deed.action,
                        deed.need,
                        key,
                        call.header("referer"),
                        facts(call.request()));
        return evaluator.allows(bucket, object, request);
    }

    static Requester requester(@Nullable Identity sender) {
        if (sender == null) {
            return Requester.ANONYMOUS;
        }
        Identity.Named project = sender.project();
        return new Requester(
                project == null ? null : project.id(),
                project == null || !sender.namesCount() ? null : project.name(),
                sender.user().id(),
                sender.namesCount() ? sender.user().name() : null,
                sender.roles());
    }

    private static RequestFacts facts(SwiftRequest request) {
        return key ->
                switch (key) {
                    case "aws:sourceip" ->
                            List.of(request.http().remoteAddress().getAddress().getHostAddress());
                    case "aws:securetransport" ->
                            List.of(Boolean.toString(request.http().secure()));
                    case "aws:referer" -> present(request.header("referer"));
                    case "aws:useragent" -> present(request.header("user-agent"));
                    case "s3:prefix" -> present(request.query().first("prefix"));
                    case "s3:delimiter" -> present(request.query().first("delimiter"));
                    default -> List.of();
                };
    }

    private static List<String> present(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }
}
