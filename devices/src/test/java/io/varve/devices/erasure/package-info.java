@NullMarked
package io.varve.devices.erasure;

import org.jspecify.annotations.NullMarked;
