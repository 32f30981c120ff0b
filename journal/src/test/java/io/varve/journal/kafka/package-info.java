@org.jspecify.annotations.NullMarked
package io.varve.journal.kafka;
