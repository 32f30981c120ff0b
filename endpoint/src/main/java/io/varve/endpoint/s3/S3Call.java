package io.varve.endpoint.s3;

import io.varve.endpoint.access.Requester;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.Caller;

import org.jspecify.annotations.Nullable;

/** A request whose sender is known: what an operation is given. */
record S3Call(S3Request request, Authentication authentication, Operation operation) {

    Caller caller() {
        return new Caller(
                authentication.credential().account(),
                authentication.credential().principal(),
                request.http().id());
    }

    Requester requester() {
        Credential credential = authentication.credential();
        return authentication.isAnonymous()
                ? Requester.ANONYMOUS
                : new Requester(
                        credential.account(),
                        null,
                        credential.principal(),
                        null,
                        credential.roles());
    }

    String account() {
        return authentication.credential().account();
    }

    String bucketName() {
        return request.address().bucket();
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
