package io.varve.endpoint.remote;

import static io.varve.endpoint.remote.KeystoneFixture.KEEP;
import static io.varve.endpoint.remote.KeystoneFixture.assertUnavailable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.Proof;
import io.varve.endpoint.s3.Vouching;
import io.varve.endpoint.s3.Vouching.UnknownKey;
import io.varve.endpoint.s3.Vouching.Vouched;
import io.varve.endpoint.s3.Vouching.WrongSignature;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class KeystoneKeysTest {
    private static final String CHECK = "POST /s3tokens";
    private static final String SECRET = "GET /users/u1/credentials/OS-EC2/KEY";

    private final KeystoneFixture fixture = new KeystoneFixture();
    private final FakeKeystone keystone = fixture.keystone;

    KeystoneKeysTest() throws IOException {}

    @BeforeEach
    void create() {
        keystone.key("KEY", "secret", "u1", fixture.in(Duration.ofHours(10)));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private record Signed(String accessKey, List<String> stringsToSign, String signature)
            implements Proof {
        @Override
        public boolean madeWith(String secretKey) {
            return stringsToSign.stream()
                    .anyMatch(text -> FakeKeystone.sign(secretKey, text).equals(signature));
        }
    }

    private static Proof signed(String accessKey, String secret, String text) {
        return new Signed(accessKey, List.of(text), FakeKeystone.sign(secret, text));
    }

    private Vouching vouch(String accessKey, String secret, String text) {
        return fixture.site.credentials().vouch(signed(accessKey, secret, text));
    }

    private boolean knows(String accessKey) {
        return fixture.site.credentials().find(accessKey).isPresent();
    }

    private void use() {
        assertInstanceOf(Vouched.class, vouch("KEY", "secret", "text"));
        keystone.asked();
    }

    @Test
    void asksOnceAndChecksFurtherSignaturesHere() {
        assertTrue(!knows("KEY"));
        Vouched vouched = assertInstanceOf(Vouched.class, vouch("KEY", "secret", "text"));
        Credential credential = vouched.credential();
        assertEquals("p1", credential.account());
        assertEquals("u1", credential.principal());
        assertEquals(new Credential.Names("p1-name", "u1-name"), credential.names());
        assertEquals(Set.of("member"), credential.roles());
        assertEquals("secret", credential.secretKey());
        assertEquals(credential, fixture.site.credentials().find("KEY").orElseThrow());
        assertEquals(List.of("login", CHECK, SECRET), keystone.asked());
    }

    @Test
    void asksAgainOnceTheAnswerIsOld() {
        use();
        fixture.advance(KEEP.minusMillis(1));
        assertTrue(knows("KEY"));
        fixture.advance(Duration.ofMillis(1));
        assertTrue(!knows("KEY"));
        use();
    }

    @Test
    void keepsNoKeyLongerThanItsUserHasAccess() {
        keystone.key("KEY", "secret", "u1", fixture.in(Duration.ofMinutes(1)));
        use();
        fixture.advance(Duration.ofMinutes(1));
        assertTrue(!knows("KEY"));
    }

    @Test
    void refusesAWrongSignatureAndAsksNotTwiceAboutIt() {
        assertInstanceOf(WrongSignature.class, vouch("KEY", "guess", "text"));
        assertInstanceOf(WrongSignature.class, vouch("KEY", "guess", "text"));
        assertEquals(List.of("login", CHECK), keystone.asked());
        use();
    }

    @Test
    void refusesAnUnknownKeyAndAsksNotTwiceAboutIt() {
        assertInstanceOf(UnknownKey.class, vouch("NONE", "secret", "text"));
        assertInstanceOf(UnknownKey.class, vouch("NONE", "secret", "other text"));
        assertEquals(List.of("login", CHECK), keystone.asked());
        keystone.key("NONE", "secret", "u1", fixture.in(KEEP));
        fixture.advance(KeptAnswers.NO);
        assertInstanceOf(Vouched.class, vouch("NONE", "secret", "text"));
    }

    @Test
    void takesANewSecretBeforeTheOldOneIsForgotten() {
        use();
        fixture.advance(KeptAnswers.NO);
        keystone.key("KEY", "new secret", "u1", fixture.in(Duration.ofHours(10)));
        assertInstanceOf(Vouched.class, vouch("KEY", "new secret", "text"));
        Credential now = fixture.site.credentials().find("KEY").orElseThrow();
        assertEquals("new secret", now.secretKey());
    }

    @Test
    void refusesWithoutAskingWhatWasNotMadeWithASecretJustGiven() {
        use();
        assertInstanceOf(WrongSignature.class, vouch("KEY", "guess", "text"));
        assertEquals(List.of(), keystone.asked());
        fixture.advance(KeptAnswers.NO);
        for (int i = 0; i < 100; i++) {
            assertInstanceOf(WrongSignature.class, vouch("KEY", "guess", "text " + i));
        }
        assertEquals(List.of(SECRET), keystone.asked());
        assertTrue(knows("KEY"));
        // Wrong signatures do not make what is known last longer.
        fixture.advance(KEEP.minus(KeptAnswers.NO));
        assertTrue(!knows("KEY"));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 403, 400})
    void goesOnWithKnownKeysAndCallsNoSignatureWrongWhileKeystoneFails(int status) {
        use();
        fixture.advance(KeptAnswers.NO);
        keystone.key("OTHER", "secret", "u1", fixture.in(KEEP));
        keystone.status = status;
        assertTrue(knows("KEY"));
        assertUnavailable(() -> vouch("OTHER", "secret", "text"));
        assertUnavailable(() -> vouch("KEY", "perhaps a new secret", "text"));
        fixture.advance(KEEP);
        assertUnavailable(() -> vouch("KEY", "secret", "text"));
        keystone.status = 0;
        fixture.advance(Duration.ofSeconds(1));
        use();
    }

    @Test
    void letsKeysCountLongerInAnOutageWhereTheOperatorSaysSo() {
        fixture.open(Duration.ofMinutes(10), 10, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        use();
        keystone.status = 503;
        fixture.advance(KEEP.plusMinutes(9));
        assertInstanceOf(Vouched.class, vouch("KEY", "secret", "later"));
        assertUnavailable(() -> vouch("KEY", "guess", "later"));
        fixture.advance(Duration.ofMinutes(1));
        assertUnavailable(() -> vouch("KEY", "secret", "later still"));
    }

    @Test
    void forgetsAKeyThatWasTakenAwayAlsoForOutages() {
        fixture.open(Duration.ofHours(1), 10, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
        use();
        keystone.disable("KEY");
        fixture.advance(KEEP);
        assertInstanceOf(WrongSignature.class, vouch("KEY", "secret", "text"));
        keystone.status = 503;
        fixture.advance(KeptAnswers.NO);
        assertUnavailable(() -> vouch("KEY", "secret", "text"));
        keystone.status = 0;
        keystone.removeKey("KEY");
        fixture.advance(Duration.ofSeconds(1));
        assertInstanceOf(UnknownKey.class, vouch("KEY", "secret", "text"));
    }

    @Test
    void putsEachSignatureToAKeystoneThatGivesNoSecrets() {
        keystone.secretStatus = 403;
        Vouched first = assertInstanceOf(Vouched.class, vouch("KEY", "secret", "one"));
        assertEquals("", first.credential().secretKey());
        assertTrue(!knows("KEY"));
        assertInstanceOf(Vouched.class, vouch("KEY", "secret", "two"));
        assertInstanceOf(WrongSignature.class, vouch("KEY", "guess", "two"));
        assertEquals(List.of("login", CHECK, SECRET, CHECK, CHECK), keystone.asked());
        keystone.secretStatus = 0;
        fixture.advance(Duration.ofSeconds(60));
        use();
        assertTrue(knows("KEY"));
    }

    @Test
    void doesNotTakeTheEndOfItsOwnTokenForAWrongSignature() {
        assertInstanceOf(UnknownKey.class, vouch("NONE", "secret", "text"));
        keystone.asked();
        keystone.endServiceTokens();
        assertInstanceOf(Vouched.class, vouch("KEY", "secret", "text"));
        assertEquals(List.of(CHECK, "login", CHECK, SECRET), keystone.asked());
        keystone.endServiceTokens();
        keystone.loginStatus = 401;
        fixture.advance(KEEP);
        assertUnavailable(() -> vouch("KEY", "secret", "text"));
    }

    @Test
    void triesEachFormThatMayHaveBeenSigned() {
        Proof proof =
                new Signed(
                        "KEY", List.of("as is", "as sent"), FakeKeystone.sign("secret", "as sent"));
        assertInstanceOf(Vouched.class, fixture.site.credentials().vouch(proof));
        assertEquals(List.of("login", CHECK, CHECK, SECRET), keystone.asked());
    }

    @Test
    void asksOnceForManyRequestsOfOneKey() throws Exception {
        assertInstanceOf(UnknownKey.class, vouch("NONE", "secret", "text"));
        keystone.asked();
        keystone.gate = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Vouching>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String text = "text " + i;
                answers.add(threads.submit(() -> vouch("KEY", "secret", text)));
            }
            keystone.gate.countDown();
            for (Future<Vouching> answer : answers) {
                assertInstanceOf(Vouched.class, answer.get());
            }
        }
        assertEquals(List.of(CHECK, SECRET), keystone.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "../../auth/tokens?x= "})
    void asksNothingAboutWhatCannotBeAKey(String accessKey) {
        assertInstanceOf(UnknownKey.class, vouch(accessKey, "secret", "text"));
        assertEquals(List.of(), keystone.asked());
    }
}
