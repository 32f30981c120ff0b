/** What one protocol writes, the other reads and changes: over one store, by both front ends. */
@NullMarked
package io.varve.endpoint.crossprotocol;

import org.jspecify.annotations.NullMarked;
