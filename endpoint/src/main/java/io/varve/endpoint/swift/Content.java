package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectReader;

/** Bytes that an answer is made of, wherever they are kept. Safe for use by many threads. */
interface Content {
    long sizeBytes();

    /** Opens a range, which lies within the content and is not empty. */
    ObjectReader open(long offset, long lengthBytes);
}
