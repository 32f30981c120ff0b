package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Puts and gets objects whose bytes follow from their names. */
final class SiteObjects {
    private final Supplier<ObjectStore> store;
    private long bucketId;

    SiteObjects(Supplier<ObjectStore> store) {
        this.store = store;
    }

    static Caller caller() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new Caller("me", "key", new RequestId(random.nextLong(), random.nextLong()));
    }

    void createBucket() {
        Outcome outcome =
                store.get().change(caller(), new BucketChange.CreateBucket("bucket", "me"));
        bucketId = assertInstanceOf(Outcome.BucketCreated.class, outcome).bucketId();
    }

    long bucketId() {
        return bucketId;
    }

    static ModelContent contentOf(String key, int lengthBytes) {
        return ModelContent.of(key.hashCode(), lengthBytes);
    }

    void put(String key, int lengthBytes) throws IOException {
        Outcome outcome =
                store.get()
                        .put(
                                caller(),
                                new PutCommand(bucketId, key, Attributes.NONE, Precondition.NONE),
                                new ModelBody(contentOf(key, lengthBytes), false, new Random(1)));
        assertInstanceOf(Outcome.ObjectPut.class, outcome);
    }

    boolean exists(String key) {
        return store.get().view().latest(bucketId, key).isPresent();
    }

    void requireReadable(String key, int lengthBytes) throws IOException {
        ObjectVersion version = store.get().view().latest(bucketId, key).orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectReader reader = store.get().open(version, 0, version.sizeBytes())) {
            reader.transferTo(out);
        }
        assertArrayEquals(contentOf(key, lengthBytes).bytes(), out.toByteArray(), key);
    }

    void delete(String key) {
        Outcome outcome =
                store.get()
                        .change(
                                caller(),
                                new ObjectChange.DeleteObject(
                                        bucketId, key, null, Precondition.NONE));
        assertInstanceOf(Outcome.ObjectDeleted.class, outcome);
    }
}
