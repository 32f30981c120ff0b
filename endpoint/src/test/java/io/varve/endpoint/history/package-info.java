/** Histories of concurrent clients, and whether one order of their operations explains them. */
@NullMarked
package io.varve.endpoint.history;

import org.jspecify.annotations.NullMarked;
