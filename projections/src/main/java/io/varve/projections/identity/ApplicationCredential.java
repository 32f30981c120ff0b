package io.varve.projections.identity;

import io.varve.journal.record.KeptSecret;

import java.util.List;

/**
 * A login for a program, with some of a user's roles on one project.
 *
 * @param roleIds that it gives, as far as the user still has them
 * @param expiresMicros 0 for never
 * @param unrestricted whether its holder may make and remove credentials
 */
public record ApplicationCredential(
        String id,
        String userId,
        String projectId,
        String name,
        String description,
        KeptSecret secret,
        List<String> roleIds,
        long expiresMicros,
        boolean unrestricted,
        long createdMicros) {
    public ApplicationCredential {
        roleIds = List.copyOf(roleIds);
    }
}
