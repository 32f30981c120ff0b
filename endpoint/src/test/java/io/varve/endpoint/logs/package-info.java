/** What the server writes down about itself: its log and its access log. */
@NullMarked
package io.varve.endpoint.logs;

import org.jspecify.annotations.NullMarked;
