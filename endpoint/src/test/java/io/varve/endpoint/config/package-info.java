/**
 * The configuration: one file of {@code key = value} lines, read into immutable records. {@link
 * io.varve.endpoint.config.ConfigKeys} is the table of all keys, from which the reference page is
 * made; {@link io.varve.endpoint.config.VarveConfig} is what the rest of the program sees.
 */
@NullMarked
package io.varve.endpoint.config;

import org.jspecify.annotations.NullMarked;
