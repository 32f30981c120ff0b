package io.varve.endpoint.swift;

/** What Swift takes, as {@code /info} tells it. */
final class Limits {
    static final long MAX_FILE_BYTES = 5L << 30;
    static final int MAX_META_NAME = 128;
    static final int MAX_META_VALUE = 256;
    static final int MAX_META_COUNT = 90;
    static final int MAX_META_OVERALL = 4096;
    static final int MAX_HEADER_BYTES = 8192;
    static final int MAX_OBJECT_NAME_BYTES = 1024;
    static final int MAX_CONTAINER_NAME_BYTES = 256;
    static final int MAX_ACCOUNT_NAME_BYTES = 256;
    static final int LISTING_LIMIT = 10_000;

    private Limits() {}
}
