package io.varve.placement;

/**
 * A level of the tree.
 *
 * @param id 0 for devices; higher numbers are by custom farther from them
 * @param name for example osd, host, rack, root
 */
public record ItemType(int id, String name) {
    /** The type of devices. */
    public static final int DEVICE = 0;
}
