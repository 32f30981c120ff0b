package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;

/**
 * What S3 answers about settings that nobody has made: clients ask for them in passing and expect
 * the true "there is none". Safe for use by many threads.
 */
final class UnsetSettings {
    private final Resources resources;

    UnsetSettings(Resources resources) {
        this.resources = resources;
    }

    /** A setting whose absence is an error. */
    HttpResponse none(S3Call call, S3Error absence) {
        Bucket bucket = resources.bucket(call);
        throw absence.refusal().with("BucketName", bucket.name());
    }

    /** A setting whose absence is an empty document. */
    HttpResponse empty(S3Call call, String root) {
        resources.bucket(call);
        return call.document(XmlWriter.document(root));
    }

    HttpResponse requestPayment(S3Call call) {
        resources.bucket(call);
        return call.document(
                XmlWriter.document("RequestPaymentConfiguration").element("Payer", "BucketOwner"));
    }

    /** To delete what is not there is no error. */
    HttpResponse deleted(S3Call call) {
        resources.bucket(call);
        return call.respond(204).build();
    }

    HttpResponse objectLock(S3Call call) {
        resources.readable(call, resources.bucket(call));
        throw S3Error.INVALID_REQUEST.refusal("Bucket is missing Object Lock Configuration");
    }
}
