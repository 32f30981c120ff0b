/** Blobs that take less room than their content. */
@NullMarked
package io.varve.devices.compress;

import org.jspecify.annotations.NullMarked;
