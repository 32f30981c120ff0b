package io.varve.journal.record;

/** A record before it has a place: the journal adds partition, position, time and writer epoch. */
public record Draft(RequestId requestId, String principal, Change change) {}
