@NullMarked
package io.varve.endpoint.s3;

import org.jspecify.annotations.NullMarked;
