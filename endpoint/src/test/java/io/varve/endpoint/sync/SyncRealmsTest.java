package io.varve.endpoint.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.OptionalLong;

final class SyncRealmsTest {
    private static final SyncRealms REALMS =
            SyncRealms.parse(
                    """
                    # comment
                    [DEFAULT]
                    mtime_check_interval = 60

                    [realm1]
                    key = realm1key
                    key2 = older
                    cluster_Name1 = https://host1.example/v1/
                    cluster_name2: http://127.0.0.1:8080/v1
                    """,
                    "realms");

    @Test
    void signsAsOpenStackSwiftDoes() {
        SyncSignature.Signed signed =
                new SyncSignature.Signed("PUT", "/v1/AUTH_test/c/a%20b", "1767323045.12345");
        String signature = SyncSignature.of(signed, "nonce", "realm1key", "userkey");
        // Computed by Python's hmac over the text that Swift documents.
        assertEquals("4c103b6b3458731138435a7fbb7314bc8309bdd8", signature);
        assertTrue(SyncSignature.holds("realm1 nonce " + signature, REALMS, "userkey", signed));
        String older = SyncSignature.of(signed, "nonce", "older", "userkey");
        assertTrue(SyncSignature.holds("REALM1 nonce " + older, REALMS, "userkey", signed));
        assertFalse(SyncSignature.holds("realm1 other " + signature, REALMS, "userkey", signed));
        assertFalse(SyncSignature.holds("realm1 nonce " + signature, REALMS, "", signed));
        assertFalse(SyncSignature.holds("realm2 nonce " + signature, REALMS, "userkey", signed));
    }

    @Test
    void targetsAreEscaped() {
        SyncTarget target = SyncTarget.of("//REALM1/NAME1/AUTH_a/my container", REALMS);
        assertEquals(
                "https://host1.example/v1/AUTH_a/my%20container/a%2A%7C/~%C3%BC%2Bx",
                target.object("a*|/~ü+x").toString());
        assertEquals(
                "//",
                SyncTarget.of("//realm1/name2/a/c/", REALMS).url().toString().substring(5, 7));
    }

    @Test
    void secretsAreNotTold() {
        SyncTarget target = SyncTarget.of("//realm1/name1/a/c", REALMS);
        SyncPush.Job job = new SyncPush.Job(target, "userkey", 1, "o", SyncedContainer.LIVE);
        String told = REALMS.toString() + target + job;
        assertFalse(told.contains("realm1key") || told.contains("userkey"), told);
    }

    @Test
    void whatIsNoFileOfRealmsIsRefusedByLineWithoutQuotingIt() {
        SyncException noSection =
                assertThrows(SyncException.class, () -> SyncRealms.parse("key = s3cret", "realms"));
        assertEquals("realms:1: not a line of realms", noSection.reason());
        assertThrows(SyncException.class, () -> SyncRealms.parse("[a]\ncluster_b = http://c", "r"));
        assertThrows(
                SyncException.class, () -> SyncRealms.parse("[a]\nkey = k\ncluster_b = c", "r"));
    }

    @Test
    void timesAreThoseOfSwift() {
        assertEquals(OptionalLong.of(1_767_323_045_123_450L), SyncTime.micros("1767323045.12345"));
        assertEquals(
                OptionalLong.of(1_767_323_045_123_450L),
                SyncTime.micros("1767323045.12345_0000000000000001"));
        assertEquals(OptionalLong.of(5_000_000), SyncTime.micros("5"));
        assertEquals(OptionalLong.empty(), SyncTime.micros("-1"));
        assertEquals("1767323045.12345", SyncTime.of(1_767_323_045_123_459L));
    }

    @Test
    void progressIsReadAsItWasWritten() {
        Progress listing = new Progress("http://a/v1/b/c", 17, "a b/ü=");
        assertEquals(listing, Progress.decode(listing.encode()).orElseThrow());
        Progress done = new Progress("http://a/v1/b/c", 17, null);
        assertEquals(done, Progress.decode(done.encode()).orElseThrow());
        assertTrue(Progress.decode("2 something newer - x").isEmpty());
        assertTrue(Progress.decode(null).isEmpty());
    }
}
