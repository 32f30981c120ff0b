package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.access.Requester;
import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Identity.Named;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.Set;

class SwiftAccessTest {
    private static Requester requester(String userDomain, String projectDomain, String role) {
        return SwiftAccess.requester(
                new Identity(
                        new Named("u1", "bob", userDomain),
                        new Named("p1", "photos", projectDomain),
                        Set.of(role),
                        Instant.MAX));
    }

    @Test
    void knowsUsersOfTheDefaultDomainByName() {
        Requester bob = requester("default", "default", "member");
        assertEquals("bob", bob.userName());
        assertEquals("photos", bob.accountName());
    }

    /** Whoever administers another domain could take any name there. */
    @ParameterizedTest
    @CsvSource({"other,default", "default,other", "other,other"})
    void knowsUsersOfOtherDomainsByIdOnly(String userDomain, String projectDomain) {
        Requester bob = requester(userDomain, projectDomain, "member");
        assertEquals("u1", bob.user());
        assertEquals("p1", bob.account());
        assertNull(bob.userName());
        assertNull(bob.accountName());
    }

    @Test
    void takesTheGroupsOfTempAuthForRoles() {
        assertTrue(requester("default", "default", ".admin").owns("p1"));
        assertTrue(!requester("default", "default", ".admin").owns("p2"));
        assertTrue(requester("default", "default", ".reseller_admin").owns("p2"));
    }
}
