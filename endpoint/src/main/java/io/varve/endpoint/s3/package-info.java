/**
 * Amazon S3 as its clients speak it: addresses, signatures, bodies, XML, and each operation as
 * commands and queries of {@link io.varve.endpoint.store.ObjectStore}. Start with {@link
 * io.varve.endpoint.s3.S3Endpoint} (one request from end to end) and {@code Operation} (the table
 * of all operations, in package order the first thing that decides).
 */
@NullMarked
package io.varve.endpoint.s3;

import org.jspecify.annotations.NullMarked;
