/**
 * A whole server: opens a site, puts the protocols on it, listens, and closes in reverse. Start
 * with {@link io.varve.endpoint.serve.VarveServer}.
 */
@NullMarked
package io.varve.endpoint.serve;

import org.jspecify.annotations.NullMarked;
