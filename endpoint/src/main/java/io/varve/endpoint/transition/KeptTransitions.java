package io.varve.endpoint.transition;

import java.util.List;

/** Keeps over a restart which requests have not ended. */
public interface KeptTransitions {
    /** Keeps nothing. */
    KeptTransitions NONE =
            new KeptTransitions() {
                @Override
                public List<Kept> read() {
                    return List.of();
                }

                @Override
                public void write(List<Kept> requests) {}
            };

    /**
     * A request that has not ended.
     *
     * @param id by which its status is known
     * @param principal who asked
     */
    record Kept(long id, TransitionRequest request, String principal) {}

    /** In the order in which they were asked for. */
    List<Kept> read();

    /**
     * On return they are on media.
     *
     * @throws io.varve.endpoint.store.StoreException when they cannot be kept
     */
    void write(List<Kept> requests);
}
