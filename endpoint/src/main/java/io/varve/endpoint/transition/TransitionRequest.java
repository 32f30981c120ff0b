package io.varve.endpoint.transition;

/**
 * What is to go where.
 *
 * @param prefix only keys that begin with it; empty for all
 * @param storageClass the name of a pool
 * @param writtenBeforeMicros only versions made before this record time
 * @param noncurrent whether versions that are not the newest of their key go too
 */
public record TransitionRequest(
        long bucketId,
        String prefix,
        String storageClass,
        long writtenBeforeMicros,
        boolean noncurrent) {}
