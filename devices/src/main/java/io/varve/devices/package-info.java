/**
 * Devices as their users see them: blobs, the pool that keeps their copies, and what may go wrong.
 * One device's log is in {@code log}, the pool's own code in {@code pool}, the seam to the file
 * system in {@code file}.
 */
@NullMarked
package io.varve.devices;

import org.jspecify.annotations.NullMarked;
