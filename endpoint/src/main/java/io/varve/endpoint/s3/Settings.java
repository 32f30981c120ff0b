package io.varve.endpoint.s3;

import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Changes single settings of buckets and objects. Safe for use by many threads. */
final class Settings {
    /** How often an object whose attributes change between look-up and record is looked up. */
    private static final int MAX_ATTEMPTS = 8;

    private final ObjectStore store;
    private final Resources resources;

    Settings(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    /**
     * @param value empty to remove it
     */
    void set(S3Call call, Bucket bucket, String name, String value) {
        SortedMap<String, String> set = new TreeMap<>();
        SortedSet<String> removed = new TreeSet<>();
        if (value.isEmpty()) {
            removed.add(name);
        } else {
            set.put(name, value);
        }
        Outcome outcome =
                store.change(
                        call.caller(),
                        new BucketChange.ChangeBucketSettings(bucket.id(), set, removed));
        Outcomes.expectApplied(outcome, call);
    }

    void remove(S3Call call, Bucket bucket, String name) {
        if (bucket.settings().containsKey(name)) {
            set(call, bucket, name, "");
        }
    }

    /** Of the object that the request names, whose last modification stays as it was. */
    ObjectVersion setOfObject(S3Call call, Bucket bucket, String name, String value) {
        for (int attempt = 0; ; attempt++) {
            ObjectVersion object = resources.readable(call, bucket);
            SortedMap<String, String> settings = new TreeMap<>(object.attributes().settings());
            if (value.isEmpty()) {
                settings.remove(name);
            } else {
                settings.put(name, value);
            }
            if (settings.equals(object.attributes().settings())) {
                return object;
            }
            Attributes attributes = object.attributes().withSettings(settings);
            Outcome outcome =
                    store.change(
                            call.caller(),
                            new ObjectChange.SetAttributes(
                                    bucket.id(),
                                    object.key(),
                                    object.position(),
                                    object.revision(),
                                    attributes,
                                    false));
            boolean revised =
                    outcome instanceof Outcome.Refused(Refusal reason) && reason == Refusal.REVISED;
            if (!revised || attempt >= MAX_ATTEMPTS) {
                return Outcomes.expect(Outcome.AttributesSet.class, outcome, call).version();
            }
        }
    }
}
