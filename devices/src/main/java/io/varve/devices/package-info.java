@NullMarked
package io.varve.devices;

import org.jspecify.annotations.NullMarked;
