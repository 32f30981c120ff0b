/**
 * The second site: pulls another site's records in order, stores the blobs that they name, and
 * appends them exactly as they are. Knows no protocol: how the other site is reached, and where
 * blobs go, are the caller's.
 */
@NullMarked
package io.varve.dr.replica;

import org.jspecify.annotations.NullMarked;
