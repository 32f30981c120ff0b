package io.varve.projections;

/**
 * A place in a range of rows. Starts on the first row. Owned by one thread; must be closed, and
 * while it is open it holds resources of the store.
 */
public interface ViewCursor extends AutoCloseable {

    /** Whether it stands on a row; once false it stays so. */
    boolean valid();

    /** The key of the row it stands on. */
    byte[] key();

    byte[] value();

    void next();

    /** Goes on to the first row at or after a key, which must not lie before the present one. */
    void seek(byte[] key);

    @Override
    void close();
}
