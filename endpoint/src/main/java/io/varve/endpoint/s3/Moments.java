package io.varve.endpoint.s3;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Moment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Moments as requests name them and answers tell them. Safe for use by many threads. */
final class Moments {
    private final ObjectStore store;

    Moments(ObjectStore store) {
        this.store = store;
    }

    Moment now() {
        return store.view().momentOf(store.view().appliedPosition());
    }

    /**
     * @param bucketName whose snapshots are meant
     */
    Moment of(S3Call call, String parameter, String bucketName) {
        return of(call, asOf(call, parameter), bucketName);
    }

    Moment of(S3Call call, AsOf asOf, String bucketName) {
        return asOf.in(
                store.view(),
                store.view().bucket(storedName(call, bucketName)),
                call.request().http().receivedAt());
    }

    /** A bucket by name, as it is now or else as it was at one of the moments. */
    Optional<Bucket> bucket(S3Call call, String bucketName, Moment... moments) {
        String stored = storedName(call, bucketName);
        Optional<Bucket> bucket = store.view().bucket(stored);
        for (Moment moment : moments) {
            bucket = bucket.or(() -> bucketAt(call, bucketName, moment));
        }
        return bucket;
    }

    /**
     * The bucket that had the name at a moment. One that has it now and was there has had it all
     * the time, which is known also where only a snapshot of the bucket holds the moment.
     */
    Optional<Bucket> bucketAt(S3Call call, String bucketName, Moment moment) {
        String stored = storedName(call, bucketName);
        return store.view()
                .bucket(stored)
                .filter(bucket -> bucket.id() <= moment.position())
                .or(() -> PastStore.of(store, moment).view().bucket(stored));
    }

    private String storedName(S3Call call, String bucketName) {
        return BucketNames.storedName(store.names(), call.account(), bucketName);
    }

    static AsOf asOf(S3Call call, String parameter) {
        String text = call.query().firstOrEmpty(parameter);
        return AsOf.parse(text)
                .orElseThrow(
                        () ->
                                S3Refusal.invalidArgument(
                                        "A moment is a time, a position, or snapshot: and a name.",
                                        parameter,
                                        text));
    }

    static void put(ObjectNode document, String name, Moment moment) {
        put(document.putObject(name), moment);
    }

    static void put(ObjectNode node, Moment moment) {
        node.put("position", moment.position()).put("time", time(moment.micros()));
    }

    static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
