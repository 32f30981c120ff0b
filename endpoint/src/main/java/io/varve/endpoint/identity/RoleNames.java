package io.varve.endpoint.identity;

/** The roles that have a meaning here. Others may be made; they mean what policies make of them. */
public final class RoleNames {
    /** May do everything, on whatever project it is held, as in Keystone. Implies member. */
    public static final String ADMIN = "admin";

    /** May use the project's storage. Implies reader. */
    public static final String MEMBER = "member";

    /** May read the project's storage. */
    public static final String READER = "reader";

    /** May use the storage of every project, through Swift. */
    public static final String RESELLER_ADMIN = "ResellerAdmin";

    /** Of another service, which may have signatures checked. */
    public static final String SERVICE = "service";

    private RoleNames() {}
}
