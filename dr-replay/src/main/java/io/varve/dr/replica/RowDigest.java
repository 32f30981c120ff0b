package io.varve.dr.replica;

/**
 * The digest of one row.
 *
 * @param key in hexadecimal
 */
public record RowDigest(String key, String digest) {}
