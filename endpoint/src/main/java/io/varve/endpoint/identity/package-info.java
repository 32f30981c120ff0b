/** Who asks: projects, users and what they hold, tokens, and the Keystone protocol about them. */
@NullMarked
package io.varve.endpoint.identity;

import org.jspecify.annotations.NullMarked;
