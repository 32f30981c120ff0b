/** A view's rows in RocksDB, opened directly. */
@NullMarked
package io.varve.projections.rocks;

import org.jspecify.annotations.NullMarked;
