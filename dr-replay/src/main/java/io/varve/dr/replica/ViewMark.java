package io.varve.dr.replica;

/**
 * A view at a position.
 *
 * @param digest of all its rows, as text
 */
public record ViewMark(long position, String digest) {}
