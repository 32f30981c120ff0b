package io.varve.journal.record;

import java.util.List;

/**
 * A change to who may do what. Ids are drawn by who makes the record.
 *
 * <p>A put carries the whole state, and the position of the record that had put the state it was
 * made from ({@code basedOn}, 0 to create): refused when something else came between, so that of
 * two changes at a time none is lost unseen.
 */
public sealed interface IdentityChange extends Change {

    /** Refused when the name is another domain's. */
    record PutDomain(String id, String name, String description, boolean enabled, long basedOn)
            implements IdentityChange {}

    /** Refused when the name is another project's of the domain. */
    record PutProject(
            String id,
            String domainId,
            String name,
            String description,
            boolean enabled,
            long basedOn)
            implements IdentityChange {}

    /**
     * Refused when the name is another user's of the domain. A password that changes, and a user
     * who becomes disabled, end the user's tokens.
     *
     * @param defaultProjectId empty for none
     */
    record PutUser(
            String id,
            String domainId,
            String name,
            String email,
            String description,
            boolean enabled,
            String defaultProjectId,
            KeptSecret password,
            long basedOn)
            implements IdentityChange {}

    /** Refused when the name is another role's. */
    record PutRole(String id, String name, String description, long basedOn)
            implements IdentityChange {}

    /** Removes a thing and what hangs on it. A domain has to be disabled first. */
    record Remove(Kind kind, String id) implements IdentityChange {}

    /** What {@link Remove} can remove. */
    enum Kind {
        DOMAIN,
        PROJECT,
        USER,
        ROLE
    }

    /** Gives a user a role that they may have already. */
    record GrantRole(String userId, RoleScope scope, String roleId) implements IdentityChange {}

    record WithdrawRole(String userId, RoleScope scope, String roleId) implements IdentityChange {}

    /**
     * Refused when the user has one of that name.
     *
     * @param expiresMicros since the epoch; 0 for never
     * @param unrestricted whether its holder may make and remove credentials
     */
    record AddApplicationCredential(
            String id,
            String userId,
            String projectId,
            String name,
            String description,
            KeptSecret secret,
            List<String> roleIds,
            long expiresMicros,
            boolean unrestricted)
            implements IdentityChange {
        public AddApplicationCredential {
            roleIds = List.copyOf(roleIds);
        }
    }

    record RemoveApplicationCredential(String userId, String id) implements IdentityChange {}

    /** Refused when the access key is taken. */
    record AddEc2Credential(String access, String userId, String projectId, KeptSecret secret)
            implements IdentityChange {}

    record RemoveEc2Credential(String userId, String access) implements IdentityChange {}

    /**
     * @param auditId of the token; empty for all tokens issued to the user before this record
     * @param expiresMicros when that token expires by itself
     */
    record RevokeTokens(String userId, String auditId, long expiresMicros)
            implements IdentityChange {}
}
