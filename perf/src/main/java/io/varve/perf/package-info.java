/**
 * The load harness: what Varve does, measured against what the parts below it could do, as ratios
 * within one run on one machine. Start with {@link io.varve.perf.VarveBench}.
 */
@NullMarked
package io.varve.perf;

import org.jspecify.annotations.NullMarked;
