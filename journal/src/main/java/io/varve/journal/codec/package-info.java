/** Records as bytes and back: the one place that knows the Protobuf schema. */
@NullMarked
package io.varve.journal.codec;

import org.jspecify.annotations.NullMarked;
