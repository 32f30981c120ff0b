package io.varve.endpoint.link;

/**
 * One link, followed.
 *
 * @param account the project in which the target is looked for
 */
public record LinkStep(String account, SymbolicLink link) {}
