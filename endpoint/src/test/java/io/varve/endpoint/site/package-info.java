@NullMarked
package io.varve.endpoint.site;

import org.jspecify.annotations.NullMarked;
