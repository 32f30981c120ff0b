package io.varve.journal.record;

/**
 * What a role is held on.
 *
 * @param id of the project or domain; empty for the whole site
 */
public record RoleScope(Kind kind, String id) {
    public static final RoleScope SYSTEM = new RoleScope(Kind.SYSTEM, "");

    /** What kind of thing. */
    public enum Kind {
        PROJECT,
        DOMAIN,
        SYSTEM
    }

    public static RoleScope project(String id) {
        return new RoleScope(Kind.PROJECT, id);
    }

    public static RoleScope domain(String id) {
        return new RoleScope(Kind.DOMAIN, id);
    }
}
