/** What devices know by themselves, without the journal: listed, and brought into a new site. */
@NullMarked
package io.varve.endpoint.salvage;

import org.jspecify.annotations.NullMarked;
