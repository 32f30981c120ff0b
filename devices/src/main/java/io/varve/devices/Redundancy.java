package io.varve.devices;

import io.varve.devices.erasure.ErasureCode;

import java.util.Locale;

/**
 * What a pool keeps so that devices may be lost: whole copies, or shards of which some bring back
 * the others. Written as {@code 3} and as {@code 4+2}.
 */
public sealed interface Redundancy {
    /** How many devices a blob is on. */
    int width();

    /** With how many durable copies or shards a write may be acknowledged when others failed. */
    int min();

    /** How many of its devices a blob survives without. */
    int tolerance();

    /** Bytes on devices for each byte of a (large) blob. */
    double overhead();

    /**
     * @param copies how many copies a blob should have
     * @param min how many must be durable
     */
    record Copies(int copies, int min) implements Redundancy {
        public Copies {
            Requirement.that(
                    copies >= 1 && copies <= PoolConfig.MAX_COPIES,
                    "copies must be from 1 to 16",
                    copies);
            Requirement.that(min >= 1 && min <= copies, "min must be from 1 to copies", min);
        }

        @Override
        public int width() {
            return copies;
        }

        @Override
        public int tolerance() {
            return copies - 1;
        }

        @Override
        public double overhead() {
            return copies;
        }

        @Override
        public String toString() {
            return Integer.toString(copies);
        }
    }

    /**
     * @param dataShards k: how many shards a blob is cut into, and how many suffice to read it
     * @param parityShards m: how many of its shards may be lost
     * @param min how many shards must be durable; with k of them alone, the next loss loses data
     */
    record Erasure(int dataShards, int parityShards, int min) implements Redundancy {
        public Erasure {
            Requirement.that(
                    dataShards >= 1
                            && parityShards >= 1
                            && dataShards + parityShards <= ErasureCode.MAX_SHARDS,
                    "shards must be at least 1+1 and together at most 31",
                    dataShards + "+" + parityShards);
            Requirement.that(
                    min >= dataShards && min <= dataShards + parityShards,
                    "min must be from k to k+m",
                    min);
        }

        /** One shard more than needed to read: an acknowledged write survives the next loss. */
        public static Erasure of(int dataShards, int parityShards) {
            return new Erasure(dataShards, parityShards, dataShards + 1);
        }

        @Override
        public int width() {
            return dataShards + parityShards;
        }

        @Override
        public int tolerance() {
            return parityShards;
        }

        @Override
        public double overhead() {
            return (double) width() / dataShards;
        }

        @Override
        public String toString() {
            return dataShards + "+" + parityShards;
        }
    }

    /**
     * Reads what {@link #toString} writes. The minimum is the usual one: all copies but one (but at
     * least one), k + 1 shards.
     *
     * @throws IllegalArgumentException when the text is no scheme
     */
    static Redundancy parse(String text) {
        int plus = text.indexOf('+');
        try {
            if (plus < 0) {
                int copies = Integer.parseInt(text);
                return new Copies(copies, Math.max(1, copies - 1));
            }
            return Erasure.of(
                    Integer.parseInt(text.substring(0, plus)),
                    Integer.parseInt(text.substring(plus + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "neither a number of copies (3) nor of shards (4+2): %s",
                            text),
                    e);
        }
    }

    /** The same with another minimum. */
    default Redundancy withMin(int min) {
        return switch (this) {
            case Copies copies -> new Copies(copies.copies(), min);
            case Erasure erasure -> new Erasure(erasure.dataShards(), erasure.parityShards(), min);
        };
    }
}
