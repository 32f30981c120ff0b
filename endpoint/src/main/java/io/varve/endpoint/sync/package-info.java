/**
 * Container sync: what other sites are told of the objects of a bucket that is to be the same
 * there. Knows the form of Swift's requests to other sites, and who may send them here.
 */
@NullMarked
package io.varve.endpoint.sync;

import org.jspecify.annotations.NullMarked;
