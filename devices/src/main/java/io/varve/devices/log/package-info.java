/** One device's log: label, segments, index, recovery, compaction. */
@NullMarked
package io.varve.devices.log;

import org.jspecify.annotations.NullMarked;
