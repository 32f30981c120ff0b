/**
 * The {@code varve} command line. Start with {@link io.varve.endpoint.cli.VarveMain}; subcommands
 * are registered in {@link io.varve.endpoint.cli.Subcommands}.
 */
@NullMarked
package io.varve.endpoint.cli;

import org.jspecify.annotations.NullMarked;
