/** The seam between a device log and the file system that holds it. */
@NullMarked
package io.varve.devices.file;

import org.jspecify.annotations.NullMarked;
