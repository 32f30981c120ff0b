package io.varve.endpoint.server;

import java.io.IOException;
import java.io.OutputStream;

/** The body of a response. For HEAD the server sends its length only, whatever kind it is. */
public sealed interface HttpBody {
    HttpBody NONE = new None();

    /** No body: {@code Content-Length: 0}, or none where the status forbids it. */
    record None() implements HttpBody {}

    /** All of it; the array is not copied and must not change afterwards. */
    record Bytes(byte[] bytes) implements HttpBody {}

    /**
     * Written by the handler's own code after the head was sent. The source is closed exactly once,
     * whatever happens, written or not.
     *
     * @param lengthBytes exactly this many will be written; -1 when unknown (chunked coding)
     */
    record Streaming(long lengthBytes, Source source) implements HttpBody {}

    /** The length a GET would have, without the bytes. Only in answer to HEAD. */
    record LengthOnly(long lengthBytes) implements HttpBody {}

    /** Where a streaming body comes from. */
    @FunctionalInterface
    interface Source extends AutoCloseable {
        /**
         * Writes the whole body. Called at most once. To throw, or to write fewer bytes than
         * announced, breaks the connection, so that the client cannot take the part for the whole.
         * The stream's own exceptions (the client is gone) must pass through.
         */
        void writeTo(OutputStream out) throws IOException;

        @Override
        default void close() {}
    }
}
