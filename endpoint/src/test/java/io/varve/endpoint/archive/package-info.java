/** Tests of archives. */
@NullMarked
package io.varve.endpoint.archive;

import org.jspecify.annotations.NullMarked;
