package io.varve.projections.topology;

import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.Reach;

/**
 * A device as the records say.
 *
 * @param put its last put, with the position before it as the base
 * @param state what is known of it now
 * @param addedMicros when it was first put
 * @param position of the last put: what the next one is based on
 */
public record Device(PutDevice put, State state, long addedMicros, long position) {
    /**
     * @param share what it keeps of what falls to it, in 1/65536
     * @param automatic whether the site chose the membership by itself
     * @param reason of the last change, for people
     * @param reachMicros since when it is up or down
     * @param membershipMicros since when it is in, out or draining
     */
    public record State(
            Reach reach,
            Membership membership,
            int share,
            boolean automatic,
            String reason,
            long reachMicros,
            long membershipMicros) {}

    public int id() {
        return put.id();
    }

    public boolean up() {
        return state.reach() == Reach.UP;
    }

    public boolean in() {
        return state.membership() == Membership.IN;
    }

    /** Whether a directory without a label may become this device. */
    public boolean unformatted() {
        return put.uuid().equals(TopologyChange.NO_UUID);
    }
}
