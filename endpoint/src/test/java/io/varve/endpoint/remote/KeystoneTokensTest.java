package io.varve.endpoint.remote;

import static io.varve.endpoint.remote.KeystoneFixture.KEEP;
import static io.varve.endpoint.remote.KeystoneFixture.assertUnavailable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.identity.Identity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class KeystoneTokensTest {
    private static final String ASKED = "GET /auth/tokens";

    private final KeystoneFixture fixture = new KeystoneFixture();
    private final FakeKeystone keystone = fixture.keystone;

    KeystoneTokensTest() throws IOException {}

    @AfterEach
    void close() {
        fixture.close();
    }

    private Optional<Identity> identify(String token) {
        return fixture.site.tokens().identify(token);
    }

    private void issue(String token, Duration life, String... roles) {
        keystone.token(token, FakeKeystone.document("u1", "p1", fixture.in(life), roles));
    }

    @Test
    void tellsWhoATokenSpeaksFor() {
        issue("good", Duration.ofHours(1), "member");
        Identity identity = identify("good").orElseThrow();
        assertEquals(new Identity.Named("u1", "u1-name", "default"), identity.user());
        assertEquals(new Identity.Named("p1", "p1-name", "default"), identity.project());
        assertEquals(Set.of("member"), identity.roles());
        assertEquals(Optional.of("p1-name"), fixture.site.names().of("p1"));
        assertEquals(List.of("login", ASKED), keystone.asked());
    }

    @Test
    void asksAgainOnceAnAnswerIsOldAndNotBefore() {
        issue("good", Duration.ofHours(1), "member");
        assertTrue(identify("good").isPresent());
        keystone.revoke("good");
        fixture.advance(KEEP.minusMillis(1));
        assertTrue(identify("good").isPresent());
        assertEquals(List.of("login", ASKED), keystone.asked());
        fixture.advance(Duration.ofMillis(1));
        assertTrue(identify("good").isEmpty());
        assertEquals(List.of(ASKED), keystone.asked());
    }

    @Test
    void asksEachTimeWhenNothingIsToBeKept() {
        fixture.open(
                Duration.ZERO, Duration.ZERO, 10, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        issue("good", Duration.ofHours(1), "member");
        assertTrue(identify("good").isPresent());
        assertTrue(identify("good").isPresent());
        assertEquals(List.of("login", ASKED, ASKED), keystone.asked());
    }

    @Test
    void takesNoTokenPastItsExpiryHoweverLongTheAnswerIsKept() {
        issue("short", Duration.ofSeconds(30), "member");
        assertTrue(identify("short").isPresent());
        fixture.advance(Duration.ofSeconds(30));
        assertTrue(identify("short").isEmpty());
    }

    @Test
    void remembersForAMomentThatATokenIsNone() {
        assertTrue(identify("bad").isEmpty());
        assertTrue(identify("bad").isEmpty());
        assertEquals(List.of("login", ASKED), keystone.asked());
        fixture.advance(KeptAnswers.NO);
        assertTrue(identify("bad").isEmpty());
        assertEquals(List.of(ASKED), keystone.asked());
    }

    @Test
    void keepsWhatIsUsedWhenMadeUpTokensComeInFloods() {
        fixture.open(Duration.ZERO, 3, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        issue("good", Duration.ofHours(1), "member");
        assertTrue(identify("good").isPresent());
        for (int i = 0; i < 50; i++) {
            assertTrue(identify("made-up-" + i).isEmpty());
        }
        keystone.asked();
        assertTrue(identify("good").isPresent());
        assertEquals(List.of(), keystone.asked());
    }

    @Test
    void keepsNoMoreThanItMay() {
        fixture.open(Duration.ZERO, 3, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        for (int i = 0; i < 4; i++) {
            issue("good-" + i, Duration.ofHours(1), "member");
            assertTrue(identify("good-" + i).isPresent());
        }
        keystone.asked();
        assertTrue(identify("good-3").isPresent());
        assertEquals(List.of(), keystone.asked());
        assertTrue(identify("good-0").isPresent());
        assertEquals(List.of(ASKED), keystone.asked());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 302, 403, 400})
    void goesOnWithWhatItKnowsWhileKeystoneFails(int status) {
        issue("known", Duration.ofHours(1), "member");
        issue("other", Duration.ofHours(1), "member");
        assertTrue(identify("known").isPresent());
        keystone.status = status;
        assertTrue(identify("known").isPresent());
        assertUnavailable(() -> identify("other"));
        assertUnavailable(() -> identify("no-token"));
        fixture.advance(KEEP);
        assertUnavailable(() -> identify("known"));
        keystone.status = 0;
        fixture.advance(Duration.ofSeconds(1));
        assertTrue(identify("known").isPresent());
        assertTrue(identify("other").isPresent());
    }

    @Test
    void letsAnswersCountLongerInAnOutageWhereTheOperatorSaysSo() {
        fixture.open(Duration.ofMinutes(10), 10, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        issue("known", Duration.ofHours(1), "member");
        issue("short", Duration.ofMinutes(6), "member");
        assertTrue(identify("known").isPresent());
        assertTrue(identify("short").isPresent());
        keystone.status = 503;
        fixture.advance(KEEP.plusMinutes(9));
        assertTrue(identify("known").isPresent());
        assertTrue(identify("short").isEmpty());
        fixture.advance(Duration.ofMinutes(1));
        assertUnavailable(() -> identify("known"));
    }

    @Test
    void doesNotTakeARevokedTokenInAnOutageThatComesAfterwards() {
        fixture.open(Duration.ofMinutes(10), 10, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        issue("known", Duration.ofHours(1), "member");
        assertTrue(identify("known").isPresent());
        keystone.revoke("known");
        fixture.advance(KEEP);
        assertTrue(identify("known").isEmpty());
        keystone.status = 503;
        fixture.advance(KeptAnswers.NO);
        assertUnavailable(() -> identify("known"));
    }

    @Test
    void doesNotWaitForSlowAnswersAndSparesAKeystoneThatGivesNone() {
        issue("known", Duration.ofHours(1), "member");
        fixture.open(Duration.ZERO, 10, Duration.ofMillis(200), FakeKeystone.PASSWORD);
        assertTrue(identify("known").isPresent());
        keystone.asked();
        keystone.gate = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            int number = i;
            assertUnavailable(() -> identify("other-" + number));
        }
        assertEquals(3, keystone.asked().size());
        assertTrue(identify("known").isPresent());
        keystone.gate.countDown();
        assertUnavailable(() -> identify("known-not"));
        fixture.advance(Duration.ofSeconds(1));
        assertTrue(identify("known-not").isEmpty());
    }

    @Test
    void asksOnceForManyWhoComeWithTheSameToken() throws Exception {
        issue("good", Duration.ofHours(1), "member");
        assertTrue(identify("unknown").isEmpty());
        keystone.asked();
        keystone.gate = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Identity>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> identify("good")));
            }
            keystone.gate.countDown();
            for (Future<Optional<Identity>> answer : answers) {
                assertTrue(answer.get().isPresent());
            }
        }
        assertEquals(List.of(ASKED), keystone.asked());
    }

    @Test
    void logsInAgainWhenItsOwnTokenHasEnded() {
        issue("good", Duration.ofHours(1), "member");
        assertTrue(identify("unknown").isEmpty());
        keystone.asked();
        keystone.endServiceTokens();
        assertTrue(identify("good").isPresent());
        assertEquals(List.of(ASKED, "login", ASKED), keystone.asked());
    }

    @Test
    void logsInAgainBeforeItsOwnTokenExpires() {
        keystone.serviceTokensExpireAt(fixture.in(Duration.ofMinutes(10)));
        issue("good", Duration.ofHours(1), "member");
        issue("other", Duration.ofHours(1), "member");
        assertTrue(identify("good").isPresent());
        fixture.advance(Duration.ofMinutes(9));
        keystone.serviceTokensExpireAt(fixture.in(Duration.ofMinutes(10)));
        keystone.asked();
        assertTrue(identify("other").isPresent());
        assertEquals(List.of("login", ASKED), keystone.asked());
    }

    @Test
    void saysUnavailableAndNotWrongWhenItsOwnPasswordIs() {
        issue("good", Duration.ofHours(1), "member");
        fixture.open(Duration.ZERO, 10, Duration.ofSeconds(20), "wrong");
        assertUnavailable(() -> identify("good"));
        assertUnavailable(() -> identify("good"));
        // A login that is repeated at once may lock the user.
        assertEquals(List.of("login"), keystone.asked());
        fixture.advance(Duration.ofSeconds(5));
        assertUnavailable(() -> identify("good"));
        assertEquals(List.of("login"), keystone.asked());
    }

    @ParameterizedTest
    @CsvSource({
        "member,member",
        "MEMBER,member",
        "swiftoperator,member",
        "reader,reader",
        "admin,admin",
        "ResellerAdmin,ResellerAdmin",
        "writer,writer",
        "_member_,''",
        ".admin,''",
        ".reseller_admin,''"
    })
    void mapsRolesAsConfiguredAndNoOther(String theirs, String ours) {
        issue("good", Duration.ofHours(1), theirs);
        Set<String> roles = new TreeSet<>(identify("good").orElseThrow().roles());
        roles.remove(theirs.equals("MEMBER") ? theirs : "");
        assertEquals(ours.isEmpty() ? Set.of() : Set.of(ours), roles);
    }

    @Test
    void givesNothingToATokenOfNoProject() {
        keystone.token(
                "system", FakeKeystone.document("u1", "", fixture.in(KEEP), "admin", "member"));
        Identity identity = identify("system").orElseThrow();
        assertNull(identity.project());
        assertEquals(Set.of(), identity.roles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "{\"token\":{\"expires_at\":\"soon\"}}", "[]", "null"})
    void takesWhatItDoesNotUnderstandForNoAnswer(String document) {
        assertTrue(identify("unknown").isEmpty());
        issue("good", Duration.ofHours(1), "member");
        keystone.document = document.getBytes(StandardCharsets.UTF_8);
        assertUnavailable(() -> identify("good"));
        keystone.document = new byte[2 << 20];
        assertUnavailable(() -> identify("good"));
        keystone.document = null;
        assertTrue(identify("good").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "ä", "a\r\nX-Auth-Token: b"})
    void asksNothingAboutWhatCannotBeAToken(String text) {
        assertTrue(identify(text).isEmpty());
        assertTrue(identify("x".repeat(5000)).isEmpty());
        assertEquals(List.of(), keystone.asked());
    }
}
