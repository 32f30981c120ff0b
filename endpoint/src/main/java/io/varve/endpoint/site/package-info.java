/**
 * A site in one process: opens journal, devices, placement and view, and puts the store on top of
 * them. Start with {@link io.varve.endpoint.site.EmbeddedSite}.
 */
@NullMarked
package io.varve.endpoint.site;

import org.jspecify.annotations.NullMarked;
