/** Keystone's protocol (Identity API v3) over the identity service. */
@NullMarked
package io.varve.endpoint.keystone;

import org.jspecify.annotations.NullMarked;
