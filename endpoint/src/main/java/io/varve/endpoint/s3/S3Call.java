package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccountNames;
import io.varve.endpoint.access.Requester;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.Caller;
import io.varve.projections.namespace.Bucket;

import org.jspecify.annotations.Nullable;

/** A request whose sender is known: what an operation is given. */
record S3Call(
        S3Request request,
        Authentication authentication,
        Operation operation,
        AccountNames accountNames) {

    /** An account or a user, as documents show it. */
    record Party(String id, String shownName) {}

    Caller caller() {
        return new Caller(
                authentication.credential().account(),
                authentication.credential().principal(),
                request.http().id());
    }

    Requester requester() {
        if (authentication.isAnonymous()) {
            return Requester.ANONYMOUS;
        }
        Credential credential = authentication.credential();
        Credential.Names names = credential.names();
        return new Requester(
                credential.account(),
                names == null ? null : names.account(),
                credential.principal(),
                names == null ? null : names.principal(),
                credential.roles());
    }

    /** An account by the name it is known by, else by its id. */
    Party party(String account) {
        return new Party(account, accountNames.of(account).orElse(account));
    }

    String account() {
        return authentication.credential().account();
    }

    String bucketName() {
        return request.bucket().name();
    }

    /** The moment of the past that is asked about; null for now. */
    @Nullable AsOf asOf() {
        return request.bucket().asOf();
    }

    /** How a listing calls its bucket: as it was called. */
    String shownName(Bucket bucket) {
        String called = request.address().bucket();
        return BucketAtTime.isPast(called) ? called : bucket.name();
    }

    String key() {
        return request.address().key();
    }

    QueryParameters query() {
        return request.query();
    }

    @Nullable String header(String lowerCaseName) {
        return request.header(lowerCaseName);
    }

    HttpResponse.Builder respond(int status) {
        return request.respond(status);
    }

    HttpResponse document(XmlWriter xml) {
        return request.document(xml);
    }
}
