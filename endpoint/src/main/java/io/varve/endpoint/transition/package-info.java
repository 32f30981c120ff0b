/** Objects that go from one storage class to another: {@code TransitionAgent}. */
@NullMarked
package io.varve.endpoint.transition;

import org.jspecify.annotations.NullMarked;
