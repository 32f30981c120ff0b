package io.varve.journal.record;

/** How a pool keeps its blobs against the loss of devices. */
public sealed interface PoolScheme {
    /** On how many devices a blob is. */
    int width();

    /** Whole copies. */
    record Copies(int count) implements PoolScheme {
        @Override
        public int width() {
            return count;
        }

        @Override
        public String toString() {
            return count + " copies";
        }
    }

    /** A Reed-Solomon code: any {@code data} of all fragments give the blob back. */
    record Fragments(int data, int parity) implements PoolScheme {
        @Override
        public int width() {
            return data + parity;
        }

        @Override
        public String toString() {
            return data + "+" + parity;
        }
    }
}
