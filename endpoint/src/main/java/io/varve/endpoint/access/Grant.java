package io.varve.endpoint.access;

/** One line of an access list. */
public record Grant(Grantee grantee, Permission permission) {}
