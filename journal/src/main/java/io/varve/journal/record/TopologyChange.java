package io.varve.journal.record;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * A change to where blobs are kept: the placement map, the devices, and the pools.
 *
 * <p>A put carries the whole state, and the position of the record that had put the state it was
 * made from ({@code basedOn}, 0 to create): refused when something else came between.
 */
public sealed interface TopologyChange extends Change {
    /** The share of a device that is fully in, in 1/65536. */
    int FULL_SHARE = 0x10000;

    /** Stands for the uuid of a device that was not formatted yet, or is not known. */
    UUID NO_UUID = new UUID(0, 0);

    /**
     * The whole map, in the text form of Ceph. It has to be one that can be read: whoever makes the
     * record has read it.
     *
     * @param expectedEpoch the epoch of the map that this one was made from, 0 for the first;
     *     refused when another map came between
     */
    record ChangePlacementMap(long expectedEpoch, String map) implements TopologyChange {
        @Override
        public String toString() {
            return "ChangePlacementMap[expectedEpoch=%d, map=%d characters]"
                    .formatted(expectedEpoch, map.length());
        }
    }

    /**
     * Puts a device. A new one is down and in. It gets data once the placement map has it.
     *
     * @param id its number in the placement map
     * @param uuid of its label; {@link #NO_UUID} while it is to be formatted
     * @param rack empty for none
     * @param site empty for none
     * @param weight its share of the data when it is in, in 1/65536
     * @param directory relative to the site's directory, or absolute
     * @param capacityBytes how much of its file system it may take; 0 for all
     */
    record PutDevice(
            int id,
            UUID uuid,
            String host,
            String rack,
            String site,
            String deviceClass,
            long weight,
            String directory,
            long capacityBytes,
            long basedOn)
            implements TopologyChange {}

    /** Whether a device can be reached. */
    enum Reach {
        UP,
        DOWN
    }

    /** Whether placement counts on a device. */
    enum Membership {
        IN,
        OUT,
        /** Out, and to be emptied, to be removed then. */
        DRAINING
    }

    /**
     * Sets some of a device's states.
     *
     * @param reach null to leave it
     * @param membership null to leave it
     * @param share what it keeps of what falls to it, in 1/65536; null to leave it
     * @param automatic whether the site did it by itself, so that it may take it back by itself
     * @param reason for people; may be empty
     */
    record SetDeviceState(
            int id,
            @Nullable Reach reach,
            @Nullable Membership membership,
            @Nullable Integer share,
            boolean automatic,
            String reason)
            implements TopologyChange {}

    /** Forgets a device; refused while it is in. */
    record RemoveDevice(int id) implements TopologyChange {}

    /**
     * Puts a pool. Its scheme cannot become another kind, nor another code; copies can become more
     * or fewer.
     *
     * @param id a part of the ids of its blobs; 0 is the default pool
     * @param name the storage class or policy; refused when it is another pool's
     * @param rule the name of its rule in the placement map
     * @param minCopies how many copies or fragments make a write durable enough to be acknowledged
     * @param deviceClass the class that the rule takes; empty for any
     * @param compression empty for none
     * @param options what few pools have
     */
    record PutPool(
            int id,
            String name,
            String rule,
            PoolScheme scheme,
            int minCopies,
            String deviceClass,
            String compression,
            PoolOptions options,
            long basedOn)
            implements TopologyChange {
        public PutPool(
                int id,
                String name,
                String rule,
                PoolScheme scheme,
                int minCopies,
                String deviceClass,
                String compression,
                long basedOn) {
            this(
                    id,
                    name,
                    rule,
                    scheme,
                    minCopies,
                    deviceClass,
                    compression,
                    PoolOptions.NONE,
                    basedOn);
        }
    }

    /**
     * Forgets a pool, whose number no other gets; refused unless it is closed. Whoever makes the
     * record has seen that nothing names a blob of it: since it was closed nothing could begin to.
     *
     * @param basedOn position of the record that put the pool, and closed it
     */
    record RemovePool(int id, long basedOn) implements TopologyChange {}
}
