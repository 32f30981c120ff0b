package io.varve.journal.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A change to an account as an owner of buckets. Whether it may log in is no matter of these. */
public sealed interface AccountChange extends Change {

    /**
     * Merges into the settings of an account, as {@link BucketChange.ChangeBucketSettings} does for
     * a bucket. An account needs no creation: one that nothing was said about has no settings.
     */
    record ChangeAccountSettings(
            String account, SortedMap<String, String> set, SortedSet<String> removed)
            implements AccountChange {
        public ChangeAccountSettings {
            set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
            removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        }
    }
}
