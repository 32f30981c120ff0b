package io.varve.endpoint.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.Set;

final class AccountAccessTest {
    @Test
    void isKeptInOrderAndAscii() throws AccessListException {
        assertEquals(
                "{\"admin\":[\"b\",\"\\u00fc\"],\"read-only\":[\"a\"]}",
                AccountAccess.normalized("{ \"read-only\": [\"a\"], \"admin\": [\"b\", \"ü\"] }"));
        assertEquals("", AccountAccess.normalized(""));
        assertEquals("", AccountAccess.normalized("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "junk | Syntax error in input ('junk')",
                "[] | Syntax error in input ('[]')",
                "{\"other\": []} | Key \"other\" not recognized",
                "{\"admin\": \"x\"} | Value for key \"admin\" must be a list",
                "{\"admin\": [1]} | Elements of \"admin\" list must be strings"
            })
    void refusesWhatIsNone(String text, String message) {
        AccessListException refusal =
                assertThrows(AccessListException.class, () -> AccountAccess.normalized(text));
        assertEquals(message, refusal.getMessage());
    }

    @Test
    void eachListGivesWhatTheNextOnesGive() {
        AccountAccess access =
                AccountAccess.of(
                        Map.of(
                                AccountAccess.SETTING,
                                "{\"admin\":[\"p:boss\"],\"read-only\":[\"q\"],"
                                        + "\"read-write\":[\"p:*\"]}"));
        Requester boss = new Requester("p", null, "boss", null, Set.of());
        Requester worker = new Requester("p", null, "worker", null, Set.of());
        Requester visitor = new Requester("q", null, "visitor", null, Set.of());
        assertTrue(access.administers(boss) && access.writes(boss) && access.reads(boss));
        assertTrue(!access.administers(worker) && access.writes(worker) && access.reads(worker));
        assertTrue(!access.writes(visitor) && access.reads(visitor));
        assertFalse(access.reads(Requester.ANONYMOUS));
    }
}
