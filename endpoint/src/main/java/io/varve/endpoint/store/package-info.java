/**
 * Protocol-neutral commands and queries over the journal, the namespace and the devices. Knows no
 * wire dialect. Start with {@link io.varve.endpoint.store.ObjectStore}.
 */
@NullMarked
package io.varve.endpoint.store;

import org.jspecify.annotations.NullMarked;
