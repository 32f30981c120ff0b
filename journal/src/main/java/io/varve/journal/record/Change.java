package io.varve.journal.record;

/**
 * A change together with the condition under which it takes effect. Its place in the journal is
 * final; whether it took effect is a pure function of the records before it (see the projections).
 */
public sealed interface Change
        permits AccountChange,
                BucketChange,
                IdentityChange,
                ObjectChange,
                TopologyChange,
                UploadChange,
                WindowChange {}
