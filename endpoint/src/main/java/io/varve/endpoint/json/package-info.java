/** JSON documents, within limits. */
@NullMarked
package io.varve.endpoint.json;

import org.jspecify.annotations.NullMarked;
