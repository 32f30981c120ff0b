package io.varve.projections.identity;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.AddApplicationCredential;
import io.varve.journal.record.IdentityChange.AddEc2Credential;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.IdentityChange.RevokeTokens;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RoleScope;
import io.varve.projections.RowChange;
import io.varve.projections.ViewBatch;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Applies identity changes. A refused one leaves everything as it was. Single-threaded: owned by
 * the fold of the namespace, in whose batch the rows are written.
 */
public final class IdentityFold {
    /** Access keys of one user, and application credentials of one user: users make them freely. */
    public static final int CREDENTIALS_MAX = 1000;

    /** Of one user at a time; one more revokes all tokens of the user instead. */
    public static final int REVOKED_TOKENS_MAX = 1000;

    private static final byte[] NOTHING = {};

    /** Of what is of no domain; the id of a domain is never empty. */
    private static final String NO_DOMAIN = "";

    private final IdentityTable table;
    private final IdentityRemovals removals;

    public IdentityFold(ViewBatch batch) {
        table = new IdentityTable(batch);
        removals = new IdentityRemovals(table);
    }

    /** The rows changed since the last call, in order. */
    public List<RowChange> settle() {
        return table.settle();
    }

    /** Why the change does not take effect; null when it did. */
    public @Nullable IdentityRefusal apply(IdentityChange change, JournalRecord record) {
        return switch (change) {
            case PutDomain put -> put(put, record);
            case PutProject put -> put(put, record);
            case PutUser put -> put(put, record);
            case PutRole put -> put(put, record);
            case IdentityChange.Remove remove -> removals.apply(remove);
            case IdentityChange.GrantRole grant -> grant(grant);
            case IdentityChange.WithdrawRole withdraw -> removals.apply(withdraw);
            case AddApplicationCredential add -> add(add, record);
            case IdentityChange.RemoveApplicationCredential remove -> removals.apply(remove);
            case AddEc2Credential add -> add(add, record);
            case IdentityChange.RemoveEc2Credential remove -> removals.apply(remove);
            case RevokeTokens revoke -> revoke(revoke, record);
        };
    }

    private @Nullable IdentityRefusal put(PutDomain put, JournalRecord record) {
        byte[] key = IdentityKeys.of(IdentityKeys.DOMAIN, put.id());
        Domain before = table.find(key, IdentityRows::domain);
        IdentityRefusal refusal =
                admit(
                        put.id(),
                        new Name(IdentityKeys.DOMAIN, NO_DOMAIN, put.name()),
                        put.basedOn(),
                        before == null
                                ? null
                                : new Standing(NO_DOMAIN, before.name(), before.position()),
                        IdentityRefusal.NO_SUCH_DOMAIN);
        if (refusal != null) {
            return refusal;
        }
        Domain after =
                new Domain(
                        put.id(),
                        put.name(),
                        put.description(),
                        put.enabled(),
                        before == null ? record.timeMicros() : before.createdMicros(),
                        record.position());
        table.put(key, IdentityRows.of(after));
        return null;
    }

    private @Nullable IdentityRefusal put(PutProject put, JournalRecord record) {
        byte[] key = IdentityKeys.of(IdentityKeys.PROJECT, put.id());
        Project before = table.find(key, IdentityRows::project);
        IdentityRefusal refusal =
                admit(
                        put.id(),
                        new Name(IdentityKeys.PROJECT, put.domainId(), put.name()),
                        put.basedOn(),
                        before == null
                                ? null
                                : new Standing(before.domainId(), before.name(), before.position()),
                        IdentityRefusal.NO_SUCH_PROJECT);
        if (refusal != null) {
            return refusal;
        }
        Project after =
                new Project(
                        put.id(),
                        put.domainId(),
                        put.name(),
                        put.description(),
                        put.enabled(),
                        before == null ? record.timeMicros() : before.createdMicros(),
                        record.position());
        table.put(key, IdentityRows.of(after));
        return null;
    }

    private @Nullable IdentityRefusal put(PutUser put, JournalRecord record) {
        byte[] key = IdentityKeys.of(IdentityKeys.USER, put.id());
        User before = table.find(key, IdentityRows::user);
        IdentityRefusal refusal =
                admit(
                        put.id(),
                        new Name(IdentityKeys.USER, put.domainId(), put.name()),
                        put.basedOn(),
                        before == null
                                ? null
                                : new Standing(before.domainId(), before.name(), before.position()),
                        IdentityRefusal.NO_SUCH_USER);
        if (refusal != null) {
            return refusal;
        }
        table.put(key, IdentityRows.of(after(put, before, record)));
        return null;
    }

    private static User after(PutUser put, @Nullable User before, JournalRecord record) {
        long now = record.timeMicros();
        long passwordMicros = now;
        long tokensAfter = 0;
        if (before != null) {
            boolean samePassword = before.password().equals(put.password());
            boolean locksOut = before.enabled() && !put.enabled();
            passwordMicros = samePassword ? before.passwordMicros() : now;
            tokensAfter = samePassword && !locksOut ? before.tokensAfterMicros() : now;
        }
        return new User(
                put.id(),
                put.domainId(),
                put.name(),
                put.email(),
                put.description(),
                put.enabled(),
                put.defaultProjectId(),
                put.password(),
                put.password().present() ? passwordMicros : 0,
                tokensAfter,
                before == null ? now : before.createdMicros(),
                record.position());
    }

    private @Nullable IdentityRefusal put(PutRole put, JournalRecord record) {
        byte[] key = IdentityKeys.of(IdentityKeys.ROLE, put.id());
        Role before = table.find(key, IdentityRows::role);
        IdentityRefusal refusal =
                admit(
                        put.id(),
                        new Name(IdentityKeys.ROLE, NO_DOMAIN, put.name()),
                        put.basedOn(),
                        before == null
                                ? null
                                : new Standing(NO_DOMAIN, before.name(), before.position()),
                        IdentityRefusal.NO_SUCH_ROLE);
        if (refusal != null) {
            return refusal;
        }
        Role after =
                new Role(
                        put.id(),
                        put.name(),
                        put.description(),
                        before == null ? record.timeMicros() : before.createdMicros(),
                        record.position());
        table.put(key, IdentityRows.of(after));
        return null;
    }

    /** What a change finds in its place. */
    private record Standing(String domainId, String name, long position) {}

    /**
     * Whether something may be put under its id and its name, which is then taken.
     *
     * @param before null when there is nothing yet
     * @param absent the refusal when there had to be something
     */
    private @Nullable IdentityRefusal admit(
            String id, Name name, long basedOn, @Nullable Standing before, IdentityRefusal absent) {
        IdentityRefusal refusal = changed(before == null ? 0 : before.position(), basedOn, absent);
        if (refusal != null) {
            return refusal;
        }
        boolean inDomain = !name.domainId().equals(NO_DOMAIN);
        if (inDomain && lacksDomain(name.domainId(), before == null ? null : before.domainId())) {
            return IdentityRefusal.NO_SUCH_DOMAIN;
        }
        return take(name, before == null ? null : before.name(), id)
                ? null
                : IdentityRefusal.NAME_TAKEN;
    }

    /**
     * @param position of what is there; 0 when there is nothing
     */
    private static @Nullable IdentityRefusal changed(
            long position, long basedOn, IdentityRefusal absent) {
        if (position == basedOn) {
            return null;
        }
        if (basedOn == 0) {
            return IdentityRefusal.ID_TAKEN;
        }
        return position == 0 ? absent : IdentityRefusal.CHANGED_MEANWHILE;
    }

    private boolean lacksDomain(String domainId, @Nullable String before) {
        return before == null
                ? !table.contains(IdentityKeys.of(IdentityKeys.DOMAIN, domainId))
                : !before.equals(domainId);
    }

    private record Name(byte kind, String domainId, String name) {
        byte[] key() {
            return IdentityKeys.name(kind, domainId, name);
        }
    }

    /** Whether the name could be taken in place of the one before. */
    private boolean take(Name name, @Nullable String before, String id) {
        if (name.name().equals(before)) {
            return true;
        }
        if (table.contains(name.key())) {
            return false;
        }
        if (before != null) {
            table.delete(new Name(name.kind(), name.domainId(), before).key());
        }
        table.put(name.key(), IdentityRows.ofText(id));
        return true;
    }

    private @Nullable IdentityRefusal grant(IdentityChange.GrantRole grant) {
        if (!table.contains(IdentityKeys.of(IdentityKeys.USER, grant.userId()))) {
            return IdentityRefusal.NO_SUCH_USER;
        }
        if (!table.contains(IdentityKeys.of(IdentityKeys.ROLE, grant.roleId()))) {
            return IdentityRefusal.NO_SUCH_ROLE;
        }
        IdentityRefusal refusal = lacking(grant.scope());
        if (refusal == null) {
            Grant row = new Grant(grant.userId(), grant.scope(), grant.roleId());
            table.put(IdentityKeys.grant(row), NOTHING);
        }
        return refusal;
    }

    private @Nullable IdentityRefusal lacking(RoleScope scope) {
        return switch (scope.kind()) {
            case PROJECT ->
                    table.contains(IdentityKeys.of(IdentityKeys.PROJECT, scope.id()))
                            ? null
                            : IdentityRefusal.NO_SUCH_PROJECT;
            case DOMAIN ->
                    table.contains(IdentityKeys.of(IdentityKeys.DOMAIN, scope.id()))
                            ? null
                            : IdentityRefusal.NO_SUCH_DOMAIN;
            case SYSTEM -> null;
        };
    }

    private @Nullable IdentityRefusal add(AddApplicationCredential add, JournalRecord record) {
        IdentityRefusal refusal = lackingHolder(add.userId(), add.projectId());
        if (refusal != null) {
            return refusal;
        }
        byte kind = IdentityKeys.APPLICATION_CREDENTIAL;
        List<RowChange> others = table.rows(IdentityKeys.ofUser(kind, add.userId(), ""));
        if (others.size() >= CREDENTIALS_MAX) {
            return IdentityRefusal.TOO_MANY;
        }
        for (RowChange row : others) {
            byte[] value = row.value();
            if (value != null
                    && IdentityRows.applicationCredential(value).name().equals(add.name())) {
                return IdentityRefusal.NAME_TAKEN;
            }
        }
        byte[] key = IdentityKeys.ofUser(kind, add.userId(), add.id());
        if (table.contains(key)) {
            return IdentityRefusal.ID_TAKEN;
        }
        ApplicationCredential credential =
                new ApplicationCredential(
                        add.id(),
                        add.userId(),
                        add.projectId(),
                        add.name(),
                        add.description(),
                        add.secret(),
                        add.roleIds(),
                        add.expiresMicros(),
                        add.unrestricted(),
                        record.timeMicros());
        table.put(key, IdentityRows.of(credential));
        return null;
    }

    private @Nullable IdentityRefusal add(AddEc2Credential add, JournalRecord record) {
        IdentityRefusal refusal = lackingHolder(add.userId(), add.projectId());
        if (refusal != null) {
            return refusal;
        }
        byte[] access = IdentityKeys.of(IdentityKeys.ACCESS, add.access());
        if (table.contains(access)) {
            return IdentityRefusal.ID_TAKEN;
        }
        byte kind = IdentityKeys.EC2_CREDENTIAL;
        if (table.rows(IdentityKeys.ofUser(kind, add.userId(), "")).size() >= CREDENTIALS_MAX) {
            return IdentityRefusal.TOO_MANY;
        }
        Ec2Credential credential =
                new Ec2Credential(
                        add.access(),
                        add.userId(),
                        add.projectId(),
                        add.secret(),
                        record.timeMicros());
        table.put(access, IdentityRows.ofText(add.userId()));
        table.put(
                IdentityKeys.ofUser(kind, add.userId(), add.access()), IdentityRows.of(credential));
        return null;
    }

    private @Nullable IdentityRefusal lackingHolder(String userId, String projectId) {
        if (!table.contains(IdentityKeys.of(IdentityKeys.USER, userId))) {
            return IdentityRefusal.NO_SUCH_USER;
        }
        return table.contains(IdentityKeys.of(IdentityKeys.PROJECT, projectId))
                ? null
                : IdentityRefusal.NO_SUCH_PROJECT;
    }

    private @Nullable IdentityRefusal revoke(RevokeTokens revoke, JournalRecord record) {
        byte[] userKey = IdentityKeys.of(IdentityKeys.USER, revoke.userId());
        User user = table.find(userKey, IdentityRows::user);
        if (user == null) {
            return IdentityRefusal.NO_SUCH_USER;
        }
        int live = forgetExpired(revoke.userId(), record.timeMicros());
        if (!revoke.auditId().isEmpty() && live < REVOKED_TOKENS_MAX) {
            table.put(
                    IdentityKeys.ofUser(IdentityKeys.REVOKED, revoke.userId(), revoke.auditId()),
                    IdentityRows.ofNumber(revoke.expiresMicros()));
            return null;
        }
        forgetExpired(revoke.userId(), Long.MAX_VALUE);
        User after =
                new User(
                        user.id(),
                        user.domainId(),
                        user.name(),
                        user.email(),
                        user.description(),
                        user.enabled(),
                        user.defaultProjectId(),
                        user.password(),
                        user.passwordMicros(),
                        record.timeMicros(),
                        user.createdMicros(),
                        record.position());
        table.put(userKey, IdentityRows.of(after));
        return null;
    }

    /** Forgets revoked tokens that have expired anyway; returns how many have not. */
    private int forgetExpired(String userId, long nowMicros) {
        int live = 0;
        for (RowChange row : table.rows(IdentityKeys.ofUser(IdentityKeys.REVOKED, userId, ""))) {
            byte[] value = row.value();
            if (value != null && IdentityRows.number(value) <= nowMicros) {
                table.delete(row.key());
            } else {
                live++;
            }
        }
        return live;
    }
}
