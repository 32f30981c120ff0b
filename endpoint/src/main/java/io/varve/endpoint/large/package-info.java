/**
 * Objects made of other objects: what they are made of, and their bytes as one, for every protocol.
 */
@NullMarked
package io.varve.endpoint.large;

import org.jspecify.annotations.NullMarked;
