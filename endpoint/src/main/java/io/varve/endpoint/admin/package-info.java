/**
 * What operators ask and change: JSON below {@code /varve/v1}, for site administrators only, by the
 * tokens of the identity service.
 */
@NullMarked
package io.varve.endpoint.admin;

import org.jspecify.annotations.NullMarked;
