/** The product in a process of its own, driven by the clients people use. */
@NullMarked
package io.varve.endpoint.clients;

import org.jspecify.annotations.NullMarked;
