package io.varve.dr.replica;

import java.util.UUID;

/**
 * What the other site says of itself.
 *
 * @param leads whether it takes writes, or would if it could
 * @param writerEpoch of its last records; the upper half is its term, see {@link Terms}
 * @param endPosition of its journal
 * @param endChain the chain hash there, in hexadecimal
 */
public record PeerReport(
        UUID site, boolean leads, long writerEpoch, long endPosition, String endChain) {}
