package io.varve.perf;

import java.nio.ByteBuffer;

/** The requests of a load, in order. Single-threaded: owned by the load loop. */
interface RequestSource {

    /**
     * The next request's bytes; the buffers' positions may be moved by the caller. Head first, then
     * the body, if any.
     */
    ByteBuffer[] next();

    /** The status that a right answer has. */
    int expectedStatus();

    /** The same request again and again. */
    static RequestSource repeating(int expectedStatus, byte[] head) {
        ByteBuffer prepared = ByteBuffer.allocateDirect(head.length).put(head).flip();
        return new RequestSource() {
            @Override
            public ByteBuffer[] next() {
                return new ByteBuffer[] {prepared.duplicate()};
            }

            @Override
            public int expectedStatus() {
                return expectedStatus;
            }
        };
    }
}
