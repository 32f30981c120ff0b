package io.varve.projections.identity;

import io.varve.journal.record.KeptSecret;

/**
 * A user.
 *
 * @param defaultProjectId empty for none
 * @param passwordMicros when the password was set; 0 when there is none
 * @param tokensAfterMicros tokens issued up to this moment do not count any more
 * @param position of the record that put this state
 */
public record User(
        String id,
        String domainId,
        String name,
        String email,
        String description,
        boolean enabled,
        String defaultProjectId,
        KeptSecret password,
        long passwordMicros,
        long tokensAfterMicros,
        long createdMicros,
        long position) {}
