package io.varve.journal.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A change to a bucket as a whole. A bucket is known by the position of the record that created it.
 */
public sealed interface BucketChange extends Change {

    /**
     * Creates a bucket; refused when the name is taken.
     *
     * @param name unique within the site; for a name that only its account has: the account, a
     *     slash and the name
     * @param owner the account that owns the bucket
     * @param settings what the bucket starts with, as of {@link ChangeBucketSettings}
     */
    record CreateBucket(String name, String owner, SortedMap<String, String> settings)
            implements BucketChange {
        public CreateBucket {
            settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        }

        public CreateBucket(String name, String owner) {
            this(name, owner, Collections.emptySortedMap());
        }
    }

    /**
     * Removes a bucket; refused while it holds a version, or has a snapshot. Uploads open in it end
     * with it.
     */
    record DeleteBucket(long bucketId) implements BucketChange {}

    /**
     * Names the moment just after this record: it can be read in this bucket for as long as the
     * name is there, also when the window has closed over it. Refused when the bucket has that name
     * already, or too many.
     */
    record CreateSnapshot(long bucketId, String name) implements BucketChange {}

    /** Forgets a name, and then what only its moment held. */
    record RemoveSnapshot(long bucketId, String name) implements BucketChange {}

    record SetVersioning(long bucketId, Versioning versioning) implements BucketChange {}

    /**
     * Merges into the settings of a bucket: names and texts that mean something to protocols. The
     * namespace itself looks at those in {@link SettingNames} alone. Refused when the settings
     * would become too large.
     *
     * @param set what is added or replaced
     * @param removed names that go; what is in both is set
     */
    record ChangeBucketSettings(
            long bucketId, SortedMap<String, String> set, SortedSet<String> removed)
            implements BucketChange {
        public ChangeBucketSettings {
            set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
            removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        }
    }
}
