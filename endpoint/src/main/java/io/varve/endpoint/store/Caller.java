package io.varve.endpoint.store;

import io.varve.journal.record.RequestId;

/**
 * Who asks, as a protocol front end has authenticated them.
 *
 * @param account the account they act for (bucket owner)
 * @param principal the name written into the journal with each of their changes
 * @param requestId of this request; an account's retried request has a new one
 */
public record Caller(String account, String principal, RequestId requestId) {}
