package io.varve.endpoint.store;

import io.varve.projections.namespace.Bucket;

/** Within what a bucket's name is unique. One scope holds for all buckets of a site. */
public enum NameScope {
    /** Two buckets of the site never have the same name. */
    SITE {
        @Override
        public String storedName(String account, String name) {
            return name;
        }
    },

    /** Each account has its own names. */
    ACCOUNT {
        @Override
        public String storedName(String account, String name) {
            return Bucket.storedName(account, name);
        }
    };

    /** Under which the site stores a bucket that this account calls so. */
    public abstract String storedName(String account, String name);

    /** Whether a bucket has been named in this scope. */
    public boolean named(Bucket bucket) {
        return bucket.isNamedByAccount() == (this == ACCOUNT);
    }
}
