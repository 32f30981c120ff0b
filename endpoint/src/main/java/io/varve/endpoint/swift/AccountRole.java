package io.varve.endpoint.swift;

/** What the sender is to the account that a request names, before any access list is asked. */
enum AccountRole {
    /** May do everything in every account, and set what owners may not set for themselves. */
    RESELLER,
    /** May do everything, and sees keys and access lists. */
    OWNER,
    /** May do everything with containers and objects, but neither see nor set what is secret. */
    WRITER,
    /** May read everything that is not secret. */
    READER,
    /** Whatever access lists say. */
    NONE
}
