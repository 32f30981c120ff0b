package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Who asks, as a protocol has authenticated them.
 *
 * @param account the id of the project they act for; null for one who showed no credential, or one
 *     that is not for a project
 * @param accountName of that project; null where it is not known
 * @param user the id of the user; null for one who showed no credential
 * @param userName null where it is not known
 * @param roles held on the project, by name
 */
public record Requester(
        @Nullable String account,
        @Nullable String accountName,
        @Nullable String user,
        @Nullable String userName,
        Set<String> roles) {
    /** Somebody who showed no credential. */
    public static final Requester ANONYMOUS = new Requester(null, null, null, null, Set.of());

    /** What holds it owns everything there is. With a dot: the groups of Swift's TempAuth. */
    private static final Set<String> ALL_POWERFUL =
            Set.of("admin", "ResellerAdmin", ".reseller_admin");

    private static final Set<String> MEMBERS =
            Set.of("member", "swiftoperator", "_member_", ".admin");

    private static final Set<String> READERS = Set.of("reader");

    public Requester {
        roles = Set.copyOf(roles);
    }

    public boolean isAnonymous() {
        return user == null && account == null;
    }

    /** May do everything that the owner of the account may. */
    public boolean owns(String owner) {
        return isAdmin() || (owner.equals(account) && hasOneOf(MEMBERS));
    }

    /** May look at everything that the owner of the account may look at. */
    public boolean reads(String owner) {
        return owns(owner) || (owner.equals(account) && hasOneOf(READERS));
    }

    public boolean isAdmin() {
        return hasOneOf(ALL_POWERFUL);
    }

    /** Whether they may own buckets at all. */
    public boolean mayOwn() {
        String id = account;
        return id != null && owns(id);
    }

    /** Whether a role of this name gives something by itself, without an access list. */
    public static boolean hasMeaning(String role) {
        return ALL_POWERFUL.contains(role) || MEMBERS.contains(role) || READERS.contains(role);
    }

    private boolean hasOneOf(Set<String> names) {
        return roles.stream().anyMatch(names::contains);
    }

    /** The name that policies know this user by; null for one who showed no credential. */
    public @Nullable String arn() {
        return isAnonymous()
                ? null
                : "arn:aws:iam::%s:user/%s".formatted(account == null ? "" : account, shownName());
    }

    @Nullable String shownName() {
        return userName == null ? user : userName;
    }
}
