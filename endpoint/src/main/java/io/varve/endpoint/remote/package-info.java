/**
 * An existing Keystone in place of the site's own identity service: what it says of tokens and
 * signatures, kept for a while. Start with {@link io.varve.endpoint.remote.KeystoneIdentity}.
 */
@NullMarked
package io.varve.endpoint.remote;

import org.jspecify.annotations.NullMarked;
