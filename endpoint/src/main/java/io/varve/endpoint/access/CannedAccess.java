package io.varve.endpoint.access;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The access lists that S3 has names for. */
public enum CannedAccess {
    PRIVATE,
    PUBLIC_READ(new Grant(Grantee.EVERYONE, Permission.READ)),
    PUBLIC_READ_WRITE(
            new Grant(Grantee.EVERYONE, Permission.READ),
            new Grant(Grantee.EVERYONE, Permission.WRITE)),
    AUTHENTICATED_READ(new Grant(Grantee.AUTHENTICATED, Permission.READ)),
    /** Objects are the bucket owner's anyway. */
    BUCKET_OWNER_READ,
    /** Objects are the bucket owner's anyway. */
    BUCKET_OWNER_FULL_CONTROL;

    private final List<Grant> grants;

    CannedAccess(Grant... grants) {
        this.grants = List.of(grants);
    }

    public List<Grant> grants() {
        return grants;
    }

    public String s3Name() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<CannedAccess> named(String s3Name) {
        for (CannedAccess canned : values()) {
            if (canned.s3Name().equals(s3Name)) {
                return Optional.of(canned);
            }
        }
        return Optional.empty();
    }
}
