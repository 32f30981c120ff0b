/**
 * Kafka brokers on this machine, for trying out and for tests. A site never needs this module: its
 * journal is on brokers that somebody runs, wherever they are.
 */
@NullMarked
package io.varve.brokers;

import org.jspecify.annotations.NullMarked;
