package io.varve.projections.identity;

import io.varve.journal.record.KeptSecret;

/**
 * An access key of a user for one project.
 *
 * @param secret encrypted with the site key
 */
public record Ec2Credential(
        String access, String userId, String projectId, KeptSecret secret, long createdMicros) {}
