package io.varve.endpoint.s3;

import io.varve.endpoint.cors.CorsRules;
import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The CORS configuration of a bucket. Safe for use by many threads. */
final class CorsOperations {
    private final Resources resources;
    private final Settings settings;

    CorsOperations(Resources resources, Settings settings) {
        this.resources = resources;
        this.settings = settings;
    }

    HttpResponse get(S3Call call) {
        Bucket bucket = resources.bucket(call);
        String document = bucket.settings().get(CorsRules.DOCUMENT);
        if (document == null) {
            throw S3Error.NO_SUCH_CORS_CONFIGURATION.refusal().with("BucketName", bucket.name());
        }
        return call.respond(200)
                .header("Content-Type", "application/xml")
                .body(document.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse put(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        byte[] document = RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES);
        CorsDocument.check(document);
        String text = new String(document, StandardCharsets.UTF_8);
        settings.set(call, bucket, CorsRules.DOCUMENT, text);
        return call.respond(200).build();
    }

    HttpResponse delete(S3Call call) {
        settings.remove(call, resources.bucket(call), CorsRules.DOCUMENT);
        return call.respond(204).build();
    }
}
