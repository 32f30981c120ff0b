/** Reed-Solomon codes: shards of bytes, any k of which bring back the others. Pure functions. */
@NullMarked
package io.varve.devices.erasure;

import org.jspecify.annotations.NullMarked;
