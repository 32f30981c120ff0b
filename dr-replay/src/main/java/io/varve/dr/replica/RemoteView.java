package io.varve.dr.replica;

import java.util.List;

/**
 * The other site's view as it is at one position, for as long as this is open. Calls block. Fails
 * with a {@link ReplicaException} when the other site cannot be reached, or has let go of it.
 */
public interface RemoteView extends AutoCloseable {
    ViewMark mark();

    /** The digests of the next ranges from a key (in hexadecimal) on; empty behind the end. */
    List<RangeDigest> ranges(String from);

    /** Each row of a range. */
    List<RowDigest> rows(RangeDigest range);

    @Override
    void close();
}
