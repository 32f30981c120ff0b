package io.varve.projections;

import org.jspecify.annotations.Nullable;

/**
 * A row that is to be put, or removed.
 *
 * @param value null to remove the row
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowChange(byte[] key, byte @Nullable [] value) {}
