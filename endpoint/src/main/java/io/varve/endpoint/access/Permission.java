package io.varve.endpoint.access;

/** What a grant of an access list gives, in S3's words. */
public enum Permission {
    READ,
    WRITE,
    READ_ACP,
    WRITE_ACP,
    FULL_CONTROL;

    boolean covers(Permission wanted) {
        return this == wanted || this == FULL_CONTROL;
    }
}
