/** Tests of forms. */
@NullMarked
package io.varve.endpoint.form;

import org.jspecify.annotations.NullMarked;
