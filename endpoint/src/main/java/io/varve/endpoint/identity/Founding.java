package io.varve.endpoint.identity;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.GrantRole;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Grant;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.User;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes what everybody expects to find: the domain Default, the roles, the project of the root
 * account, and the administrator, whose password is the root secret. Runs at each start, and does
 * something when nobody is administrator: at the first start, after one that was cut short, and
 * when the last administrator was removed, which so can be mended with the root secret.
 */
public final class Founding {
    /** The id of the domain that clients mean when they name none. */
    public static final String DEFAULT_DOMAIN = "default";

    /** The account of the root credential, which is also the id of its project. */
    public static final String ROOT_ACCOUNT = "root";

    /** Name of the first user and of their project. */
    public static final String ADMIN_NAME = "admin";

    /** The id of the first user. */
    public static final String ADMIN_ID = "admin";

    private static final List<String> ROLES =
            List.of(
                    RoleNames.ADMIN,
                    RoleNames.MEMBER,
                    RoleNames.READER,
                    RoleNames.RESELLER_ADMIN,
                    RoleNames.SERVICE);

    private final IdentityLedger ledger;
    private final RootPassword root;
    private final IdentityLedger.Author author;

    private Founding(IdentityLedger ledger, RootPassword root) {
        this.ledger = ledger;
        this.root = root;
        ByteBuffer dice = ByteBuffer.wrap(Ids.bytes(2 * Long.BYTES));
        author = new IdentityLedger.Author("", new RequestId(dice.getLong(), dice.getLong()));
    }

    /**
     * @throws IdentityException when something of another kind has a name that is needed
     */
    public static void run(IdentityLedger ledger, RootPassword root) {
        new Founding(ledger, root).run();
    }

    private void run() {
        IdentityView view = ledger.view();
        if (!hasAdministrator(view)) {
            found(view);
        }
        view.user(ADMIN_ID).ifPresent(this::followRootSecret);
    }

    private static boolean hasAdministrator(IdentityView view) {
        String admin = view.roleNamed(RoleNames.ADMIN).map(role -> role.id()).orElse("");
        return view.grants().stream().map(Grant::roleId).anyMatch(roleId -> roleId.equals(admin));
    }

    private void found(IdentityView view) {
        if (view.domain(DEFAULT_DOMAIN).isEmpty()) {
            append(new PutDomain(DEFAULT_DOMAIN, "Default", "The default domain", true, 0));
        }
        for (String role : ROLES) {
            if (view.roleNamed(role).isEmpty()) {
                append(new PutRole(Ids.draw(), role, "", 0));
            }
        }
        if (view.project(ROOT_ACCOUNT).isEmpty()) {
            append(
                    new PutProject(
                            ROOT_ACCOUNT,
                            DEFAULT_DOMAIN,
                            ADMIN_NAME,
                            "The account of the root credential",
                            true,
                            0));
        }
        if (view.user(ADMIN_ID).isEmpty()) {
            append(
                    new PutUser(
                            ADMIN_ID,
                            DEFAULT_DOMAIN,
                            ADMIN_NAME,
                            "",
                            "The first administrator",
                            true,
                            ROOT_ACCOUNT,
                            root.mark(),
                            0));
        }
        String role =
                view.roleNamed(RoleNames.ADMIN)
                        .orElseThrow(() -> new IdentityException("no role admin"))
                        .id();
        // Last: with it the founding is complete.
        append(new GrantRole(ADMIN_ID, RoleScope.SYSTEM, role));
        append(new GrantRole(ADMIN_ID, RoleScope.project(ROOT_ACCOUNT), role));
    }

    /** Another root secret is another password, and ends the tokens that the old one gave. */
    private void followRootSecret(User admin) {
        if (RootPassword.marked(admin.password()) && !admin.password().equals(root.mark())) {
            append(
                    new PutUser(
                            admin.id(),
                            admin.domainId(),
                            admin.name(),
                            admin.email(),
                            admin.description(),
                            admin.enabled(),
                            admin.defaultProjectId(),
                            root.mark(),
                            admin.position()));
        }
    }

    private void append(IdentityChange change) {
        IdentityRefusal refusal = ledger.change(author, change);
        if (refusal != null) {
            throw new IdentityException("identity cannot be set up: " + refusal + ", " + change);
        }
    }
}
