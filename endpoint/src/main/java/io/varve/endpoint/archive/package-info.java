/** Archives read as they come, in bounded memory. */
@NullMarked
package io.varve.endpoint.archive;

import org.jspecify.annotations.NullMarked;
