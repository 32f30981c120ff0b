package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to do.
 *
 * @param action as policies name it, for instance {@code s3:GetObject}
 * @param need what an access list must grant for it
 * @param key of the object it is about; null when it is about the bucket
 * @param referrer the page the request was referred from; null when there is none
 */
public record AccessRequest(
        Requester requester,
        String action,
        AccessNeed need,
        @Nullable String key,
        @Nullable String referrer,
        RequestFacts facts) {}
