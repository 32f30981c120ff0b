package io.varve.endpoint.store;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Precondition;

/** Put an object's new version; its bytes come as an {@link ObjectBody}. */
public record PutCommand(
        long bucketId, String key, Attributes attributes, Precondition condition) {}
