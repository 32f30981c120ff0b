package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import java.io.IOException;
import java.util.Map;

/** The tags of buckets and objects. Safe for use by many threads. */
final class Tagging {
    private final Resources resources;
    private final Settings settings;

    Tagging(Resources resources, Settings settings) {
        this.resources = resources;
        this.settings = settings;
    }

    HttpResponse ofBucket(S3Call call) {
        Bucket bucket = resources.bucket(call);
        Map<String, String> tags = Tags.decode(bucket.settings().get(Tags.SETTING));
        if (tags.isEmpty()) {
            throw S3Error.NO_SUCH_TAG_SET.refusal().with("BucketName", bucket.name());
        }
        return call.document(Tags.document(tags));
    }

    HttpResponse putOfBucket(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        byte[] document = RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES);
        Map<String, String> tags = Tags.parse(document, Tags.BUCKET_TAGS_MAX);
        settings.set(call, bucket, Tags.SETTING, Tags.encode(tags));
        return call.respond(204).build();
    }

    HttpResponse deleteOfBucket(S3Call call) {
        settings.remove(call, resources.bucket(call), Tags.SETTING);
        return call.respond(204).build();
    }

    HttpResponse ofObject(S3Call call) {
        Bucket bucket = resources.bucket(call);
        ObjectVersion object = resources.readable(call, bucket);
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/xml");
        ObjectHeaders.addVersion(out, bucket, object);
        return out.body(Tags.document(Tags.of(object)).finish());
    }

    HttpResponse putOfObject(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        byte[] document = RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES);
        Map<String, String> tags = Tags.parse(document, Tags.OBJECT_TAGS_MAX);
        return set(call, bucket, Tags.encode(tags), 200);
    }

    HttpResponse deleteOfObject(S3Call call) {
        return set(call, resources.bucket(call), "", 204);
    }

    private HttpResponse set(S3Call call, Bucket bucket, String tags, int status) {
        ObjectVersion object = settings.setOfObject(call, bucket, Tags.SETTING, tags);
        HttpResponse.Builder out = call.respond(status);
        ObjectHeaders.addVersion(out, bucket, object);
        return out.build();
    }
}
