package io.varve.dr.replica;

/**
 * The digest of the rows of a range.
 *
 * @param from its first key, in hexadecimal
 * @param to the first key behind it; empty for the end of the view
 */
public record RangeDigest(String from, String to, long rows, String digest) {}
