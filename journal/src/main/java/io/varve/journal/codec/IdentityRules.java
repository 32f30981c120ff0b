package io.varve.journal.codec;

import static io.varve.journal.codec.ChangeRules.first;
import static io.varve.journal.codec.ChangeRules.notNegative;
import static io.varve.journal.codec.ChangeRules.optionalText;
import static io.varve.journal.codec.ChangeRules.text;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.AddApplicationCredential;
import io.varve.journal.record.IdentityChange.AddEc2Credential;
import io.varve.journal.record.IdentityChange.GrantRole;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.IdentityChange.Remove;
import io.varve.journal.record.IdentityChange.RemoveApplicationCredential;
import io.varve.journal.record.IdentityChange.RemoveEc2Credential;
import io.varve.journal.record.IdentityChange.RevokeTokens;
import io.varve.journal.record.IdentityChange.WithdrawRole;
import io.varve.journal.record.RoleScope;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What an identity change must have to be written, and how long its texts may be: all of them are
 * kept in memory.
 */
final class IdentityRules {
    private static final int ID_CHARS_MAX = 128;
    private static final int NAME_CHARS_MAX = 255;
    private static final int TEXT_CHARS_MAX = 4096;
    private static final int ROLES_MAX = 256;

    private IdentityRules() {}

    static @Nullable String problem(IdentityChange change) {
        return switch (change) {
            case PutDomain c ->
                    first(
                            id("domain", c.id()),
                            name(c.name()),
                            note("description", c.description()),
                            notNegative("base", c.basedOn()));
            case PutProject c ->
                    first(
                            id("project", c.id()),
                            id("domain", c.domainId()),
                            name(c.name()),
                            note("description", c.description()),
                            notNegative("base", c.basedOn()));
            case PutUser c -> user(c);
            case PutRole c ->
                    first(
                            id("role", c.id()),
                            name(c.name()),
                            note("description", c.description()),
                            notNegative("base", c.basedOn()));
            case Remove c -> id(c.kind().name(), c.id());
            case GrantRole c -> grant(c.userId(), c.scope(), c.roleId());
            case WithdrawRole c -> grant(c.userId(), c.scope(), c.roleId());
            case AddApplicationCredential c -> applicationCredential(c);
            case RemoveApplicationCredential c ->
                    first(id("user", c.userId()), id("credential", c.id()));
            case AddEc2Credential c ->
                    first(
                            id("access key", c.access()),
                            id("user", c.userId()),
                            id("project", c.projectId()),
                            text("sealed secret", c.secret().text()),
                            note("sealed secret", c.secret().text()));
            case RemoveEc2Credential c ->
                    first(id("user", c.userId()), id("access key", c.access()));
            case RevokeTokens c ->
                    first(
                            id("user", c.userId()),
                            limited("audit id", c.auditId(), ID_CHARS_MAX),
                            notNegative("expiry", c.expiresMicros()));
        };
    }

    private static @Nullable String user(PutUser c) {
        return first(
                id("user", c.id()),
                id("domain", c.domainId()),
                name(c.name()),
                limited("email", c.email(), NAME_CHARS_MAX),
                note("description", c.description()),
                limited("default project", c.defaultProjectId(), ID_CHARS_MAX),
                note("password hash", c.password().text()),
                notNegative("base", c.basedOn()));
    }

    private static @Nullable String applicationCredential(AddApplicationCredential c) {
        return first(
                id("credential", c.id()),
                id("user", c.userId()),
                id("project", c.projectId()),
                name(c.name()),
                note("description", c.description()),
                text("secret hash", c.secret().text()),
                note("secret hash", c.secret().text()),
                roles(c.roleIds()),
                notNegative("expiry", c.expiresMicros()));
    }

    private static @Nullable String roles(List<String> ids) {
        if (ids.size() > ROLES_MAX) {
            return "too many roles: " + ids.size();
        }
        for (String id : ids) {
            String problem = id("role", id);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String grant(String userId, RoleScope scope, String roleId) {
        boolean wholeSite = scope.kind() == RoleScope.Kind.SYSTEM;
        return first(
                id("user", userId),
                id("role", roleId),
                wholeSite == scope.id().isEmpty() ? null : "role scope and its id do not fit",
                limited("role scope", scope.id(), ID_CHARS_MAX));
    }

    /** Ids are parts of row keys, where zero bytes end them. */
    private static @Nullable String id(String name, String id) {
        return first(
                text(name + " id", id),
                limited(name + " id", id, ID_CHARS_MAX),
                id.indexOf('\0') < 0 ? null : name + " id has a zero character");
    }

    private static @Nullable String name(String name) {
        return first(
                text("name", name),
                limited("name", name, NAME_CHARS_MAX),
                name.indexOf('\0') < 0 ? null : "name has a zero character");
    }

    private static @Nullable String note(String name, String text) {
        return limited(name, text, TEXT_CHARS_MAX);
    }

    private static @Nullable String limited(String name, String text, int max) {
        return text.length() > max
                ? name + " is too long: " + text.length() + " characters, at most " + max
                : optionalText(name, text);
    }
}
