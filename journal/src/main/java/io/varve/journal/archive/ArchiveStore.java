package io.varve.journal.archive;

import java.io.IOException;
import java.util.List;

/** Where an archive is kept: names with bytes, each written once. Used by one thread. */
public interface ArchiveStore {

    /** All names, in order. */
    List<String> names() throws IOException;

    byte[] read(String name) throws IOException;

    /**
     * On return the bytes are there for good. Whatever interrupts it, there are either all of them
     * under the name or none.
     */
    void write(String name, byte[] bytes) throws IOException;
}
