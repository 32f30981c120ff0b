/**
 * Objects that stand for other objects: where they lead, and following them, for every protocol.
 */
@NullMarked
package io.varve.endpoint.link;

import org.jspecify.annotations.NullMarked;
