package io.varve.dr.replica;

import io.varve.journal.StoredJournal;

import java.util.HexFormat;

/** Finds where two histories part. */
public final class Fork {
    private Fork() {}

    /**
     * The last position up to which both journals hold the same records. Asks the other site about
     * twice the logarithm of the position.
     *
     * @throws ReplicaException when the other site cannot be reached
     */
    public static long find(StoredJournal mine, Primary peer) {
        long same = 0;
        long apart = Math.min(mine.endPosition(), peer.report().endPosition()) + 1;
        while (same + 1 < apart) {
            long middle = same + (apart - same) / 2;
            if (isSame(mine, peer, middle)) {
                same = middle;
            } else {
                apart = middle;
            }
        }
        return same;
    }

    /** Whether both hold the same records up to a position that this one has. */
    public static boolean isSame(StoredJournal mine, Primary peer, long position) {
        return chain(mine, position).equals(peer.chainAt(position));
    }

    /** The chain hash at a position, as sites tell it each other. */
    public static String chain(StoredJournal journal, long position) {
        return HexFormat.of().formatHex(journal.chainHash(position));
    }
}
