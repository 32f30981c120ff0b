/**
 * Which pages of other sites may have a browser ask for what: one set of rules for every protocol.
 */
@NullMarked
package io.varve.endpoint.cors;

import org.jspecify.annotations.NullMarked;
