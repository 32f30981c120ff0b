/** Copies of blobs over several devices. */
@NullMarked
package io.varve.devices.pool;

import org.jspecify.annotations.NullMarked;
