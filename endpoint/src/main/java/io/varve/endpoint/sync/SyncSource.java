package io.varve.endpoint.sync;

import io.varve.projections.namespace.ObjectVersion;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** How an object is put into words for another site. Safe for use by many threads. */
public interface SyncSource {

    /** What a PUT of it there says and carries. */
    Outgoing of(ObjectVersion object);

    /** One header of a request. */
    record Header(String name, String value) {}

    /** A request's headers, but for those that name and sign it, and its body. */
    record Outgoing(List<Header> headers, long sizeBytes, Writer body) {
        public Outgoing {
            headers = List.copyOf(headers);
        }
    }

    /** Writes a body whose length is known. */
    @FunctionalInterface
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }
}
