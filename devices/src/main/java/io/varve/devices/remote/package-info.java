/**
 * Devices over the network: a server of the devices of one host, and what stands for each of them
 * in other processes. Knows no certificates: who may connect is decided by the TLS context it is
 * given.
 */
@NullMarked
package io.varve.devices.remote;

import org.jspecify.annotations.NullMarked;
