/** Tests of the Swift front end, through its handler, over the namespace's own fold. */
@NullMarked
package io.varve.endpoint.swift;

import org.jspecify.annotations.NullMarked;
