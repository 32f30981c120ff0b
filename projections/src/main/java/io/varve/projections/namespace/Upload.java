package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;

import org.jspecify.annotations.Nullable;

/**
 * An open multipart upload.
 *
 * @param id the position of the record that started it
 * @param principal who started it
 */
public record Upload(
        long id,
        long bucketId,
        String key,
        String principal,
        long startedMicros,
        Attributes attributes,
        @Nullable ChecksumAlgorithm algorithm,
        @Nullable ChecksumType checksumType) {}
