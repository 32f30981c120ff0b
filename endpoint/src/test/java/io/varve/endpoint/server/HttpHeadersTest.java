package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

final class HttpHeadersTest {
    private final HttpHeaders headers =
            HttpHeaders.of("X-A", "1", "Host", "h", "x-a", "2", "Connection", "keep-alive, Close");

    @Test
    void findsByNameWithoutRegardToCase() {
        assertEquals("1", headers.first("x-A"));
        assertNull(headers.first("x-b"));
        assertEquals("none", headers.firstOr("x-b", "none"));
    }

    @Test
    void keepsDuplicatesInOrder() {
        assertEquals(List.of("1", "2"), headers.all("X-a"));
        assertEquals(List.of("1", "2"), headers.byLowerCaseName().get("x-a"));
        assertEquals(List.of("x-a", "host", "connection"), List.copyOf(keys()));
    }

    @Test
    void findsTokensOfListHeaders() {
        assertTrue(headers.hasToken("connection", "close"));
        assertFalse(headers.hasToken("connection", "clos"));
    }

    @Test
    void builderReplacesEveryFieldOfTheName() {
        HttpHeaders built =
                new HttpHeaders.Builder().addAll(headers.fields()).set("X-a", "3").build();
        assertEquals(List.of("3"), built.all("x-a"));
    }

    private java.util.Set<String> keys() {
        return headers.byLowerCaseName().keySet();
    }
}
