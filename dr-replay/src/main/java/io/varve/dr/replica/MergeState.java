package io.varve.dr.replica;

import java.util.Locale;

/** What has become of a record that was set aside. */
public enum MergeState {
    /** Nothing yet. */
    OPEN(false),

    /** It is in the journal of the pair again, or what it made is there. */
    MERGED(true),

    /** By the rule, what the site that leads has is kept. */
    KEPT(false),

    /** No rule fits it: somebody has to say what is right. */
    HAND(false),

    /** It was given up on request. */
    GIVEN_UP(true),

    /** It had had no effect where it was made: its client was told so. */
    VOID(true),

    /** It is about the site alone that it was made at: its devices, its window. */
    LOCAL(true);

    private final boolean settled;

    MergeState(boolean settled) {
        this.settled = settled;
    }

    /** Whether nothing will become of it any more, so that its blobs are not needed. */
    public boolean settled() {
        return settled;
    }

    /**
     * @throws IllegalArgumentException when it is none
     */
    public static MergeState of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
