/** Forms that browsers send, read as they come. */
@NullMarked
package io.varve.endpoint.form;

import org.jspecify.annotations.NullMarked;
