package io.varve.dr;

import io.varve.projections.ViewDigest;

import java.util.List;

/**
 * What a verification found.
 *
 * @param position at which the view was examined: the last record it had on media
 * @param endPosition of the journal
 * @param kept the digest the view keeps of itself
 * @param counted the digest of the rows the view holds
 * @param replayed the digest of what the journal makes up to that position
 * @param differenceCount rows in which the view is not what the journal makes
 * @param differences the first of them
 */
public record VerificationReport(
        long position,
        long endPosition,
        ViewDigest kept,
        ViewDigest counted,
        ViewDigest replayed,
        long differenceCount,
        List<ViewDifference> differences) {
    public VerificationReport {
        differences = List.copyOf(differences);
    }

    /** Whether the view is exactly what the journal says. */
    public boolean passed() {
        return kept.equals(counted) && counted.equals(replayed);
    }
}
