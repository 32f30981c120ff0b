package io.varve.devices.file;

import java.io.IOException;
import java.util.List;

/**
 * The directory of one device, held by one process. All that a device log asks of a file system, so
 * that a test can stand in for it and lose power, sectors or the whole device.
 *
 * <p>Names are plain file names; there are no sub-directories. Creation, renaming and deletion of
 * files are on media only after {@link #syncDirectory}.
 */
public interface DeviceFiles extends AutoCloseable {
    /** Unit of direct writes, and the alignment they want. */
    int BLOCK_BYTES = 4096;

    /** The names present, in no order. */
    List<String> list() throws IOException;

    /** Opens an existing file for reads through the page cache. */
    DeviceFile openForRead(String name) throws IOException;

    /**
     * Opens a file for writes of whole blocks, past the page cache where that works; may create.
     */
    DeviceFile openForWrite(String name) throws IOException;

    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    void syncDirectory() throws IOException;

    /** Bytes that the file system would still take. */
    long usableBytes() throws IOException;

    /** Whether writes go past the page cache. */
    boolean direct();

    /** Lets go of the directory; open files stay the caller's to close. */
    @Override
    void close() throws IOException;
}
