/**
 * A site as one of a pair: what it serves to the other one, how it reaches it, and who of the two
 * leads.
 */
@NullMarked
package io.varve.endpoint.replica;

import org.jspecify.annotations.NullMarked;
