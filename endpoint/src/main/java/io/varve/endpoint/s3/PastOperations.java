package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastStore;

import java.io.IOException;

/**
 * Answers requests about the past: whatever reads objects is done as always, on the store of that
 * moment; whatever else is refused. Safe for use by many threads.
 */
final class PastOperations {
    private final ObjectStore store;
    private final S3Config config;

    PastOperations(ObjectStore store, S3Config config) {
        this.store = store;
        this.config = config;
    }

    static PastStore storeAt(ObjectStore store, AsOf asOf, S3Call call) {
        return storeAt(store, asOf, call, call.bucketName());
    }

    /**
     * @param bucketName without the ending that names the moment
     */
    static PastStore storeAt(ObjectStore store, AsOf asOf, S3Call call, String bucketName) {
        return asOf.of(
                store,
                store.view()
                        .bucket(BucketNames.storedName(store.names(), call.account(), bucketName)),
                call.request().http().receivedAt());
    }

    HttpResponse perform(Operation operation, S3Call call, AsOf asOf) throws IOException {
        if (operation == Operation.CREATE_BUCKET) {
            throw S3Error.INVALID_BUCKET_NAME
                    .refusal()
                    .with("BucketName", call.request().address().bucket());
        }
        if (!call.request().method().equals("GET") && !call.request().method().equals("HEAD")) {
            throw readOnly(call);
        }
        return switch (operation) {
            case LIST_OBJECT_VERSIONS, LIST_MULTIPART_UPLOADS, LIST_PARTS ->
                    throw S3Error.NOT_IMPLEMENTED.refusal(
                            operation.s3Name() + " is not implemented for the past.");
            default -> new Operations(storeAt(store, asOf, call), config).perform(operation, call);
        };
    }

    /** A header asks for what cannot be; a bucket of that name is just not one to write to. */
    private static S3Refusal readOnly(S3Call call) {
        return call.header(BucketAtTime.HEADER) == null
                ? S3Error.METHOD_NOT_ALLOWED
                        .refusal("The past can only be read, not changed.")
                        .with("Method", call.request().method())
                        .with("ResourceType", call.request().address().level().name())
                        .header("Allow", "GET, HEAD")
                : S3Error.INVALID_REQUEST.refusal(
                        "X-Varve-As-Of is for reading: the past cannot be changed.");
    }
}
