/** Container sync, without another site. */
@NullMarked
package io.varve.endpoint.sync;

import org.jspecify.annotations.NullMarked;
