@NullMarked
package io.varve.devices.compress;

import org.jspecify.annotations.NullMarked;
