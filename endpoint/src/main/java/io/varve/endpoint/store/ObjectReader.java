package io.varve.endpoint.store;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A range of one version, opened: its first bytes have been read and verified, so that an object
 * that cannot be read is known before a status line is sent. Owned by one thread.
 */
public interface ObjectReader extends AutoCloseable {

    /** How many bytes {@link #transferTo} will write. */
    long lengthBytes();

    /**
     * Writes the range, every byte verified before it is handed out. Throws when a blob has no good
     * copy left; the caller must then break the connection rather than end the response early.
     */
    void transferTo(OutputStream out) throws IOException;

    @Override
    void close();
}
