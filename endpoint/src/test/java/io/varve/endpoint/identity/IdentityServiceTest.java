package io.varve.endpoint.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.User;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

final class IdentityServiceTest {
    private static final Duration LIFE = Duration.ofHours(12);
    private static final IdentityLedger.Author ADMIN =
            new IdentityLedger.Author("admin", new RequestId(1, 2));
    private static final RoleScope ROOT = RoleScope.project(Founding.ROOT_ACCOUNT);

    private final TestClock clock = new TestClock();
    private final FoldingLedger ledger = new FoldingLedger(clock);

    @TempDir Path directory;

    private IdentityService open(String rootSecret) {
        return IdentityService.open(
                new IdentityLedger(ledger, ledger.identity()),
                new IdentityService.Settings(directory, rootSecret, LIFE, Duration.ofDays(7), 1000),
                clock);
    }

    private static Login logIn(IdentityService service, String user, String password) {
        User found = service.view().userNamed("default", user).orElse(null);
        return service.logins()
                .byPassword(found, user, password, new Logins.Wish.Default(), "host");
    }

    private static String token(IdentityService service, String password) {
        return assertInstanceOf(Login.Granted.class, logIn(service, Founding.ADMIN_NAME, password))
                .text();
    }

    private static void addUser(IdentityService service, String name, String password) {
        IdentityChange put =
                new IdentityChange.PutUser(
                        name,
                        "default",
                        name,
                        "",
                        "",
                        true,
                        "",
                        service.passwords().hash(password),
                        0);
        assertEquals(null, service.change(ADMIN, put));
    }

    @Test
    void foundsOnceAndTakesUpAgainAfterARestart() {
        String token = token(open("root-secret"), "root-secret");
        int records = ledger.records().size();
        IdentityService again = open("root-secret");
        assertEquals(records, ledger.records().size());
        Identity identity = again.identify(token).orElseThrow();
        assertEquals(new Identity.Named("admin", "admin", "default"), identity.user());
        assertEquals(new Identity.Named("root", "admin", "default"), identity.project());
        assertEquals(Set.of("admin", "member", "reader"), identity.roles());
        assertEquals(clock.instant().plus(LIFE), identity.expiresAt());
    }

    @Test
    void putsNoSecretIntoTheJournal() {
        open("root-secret");
        assertFalse(
                ledger.records().stream()
                        .map(record -> record.change())
                        .filter(IdentityChange.PutUser.class::isInstance)
                        .map(change -> ((IdentityChange.PutUser) change).password().text())
                        .anyMatch(text -> text.contains("root-secret")));
    }

    @Test
    void anotherRootSecretIsAnotherPasswordAndEndsTheTokens() {
        String token = token(open("root-secret"), "root-secret");
        IdentityService again = open("other-secret");
        assertTrue(again.identify(token).isEmpty());
        assertInstanceOf(Login.Refused.class, logIn(again, "admin", "root-secret"));
        assertTrue(again.identify(token(again, "other-secret")).isPresent());
    }

    @Test
    void givesTheLastAdministratorBackAtTheNextStart() {
        IdentityService service = open("root-secret");
        assertEquals(
                null,
                service.change(
                        ADMIN, new IdentityChange.Remove(IdentityChange.Kind.USER, "admin")));
        assertInstanceOf(Login.Refused.class, logIn(service, "admin", "root-secret"));
        token(open("root-secret"), "root-secret");
    }

    @Test
    void wrongLoginsOfOthersKeepNobodyOutWhoHasLoggedInBefore() {
        IdentityService service = open("root-secret");
        token(service, "root-secret");
        User admin = service.view().user("admin").orElseThrow();
        Logins.Wish wish = new Logins.Wish.Default();
        Login last = new Login.Refused();
        for (int i = 0; i < 100 && last instanceof Login.Refused; i++) {
            last = service.logins().byPassword(admin, "admin", "guess", wish, "attacker");
        }
        assertInstanceOf(Login.TooMany.class, last);
        assertInstanceOf(
                Login.TooMany.class,
                service.logins().byPassword(admin, "admin", "root-secret", wish, "elsewhere"));
        token(service, "root-secret");
    }

    @Test
    void tokensCountUntilTheyExpire() {
        IdentityService service = open("root-secret");
        String token = token(service, "root-secret");
        clock.advance(LIFE.minusSeconds(1));
        assertTrue(service.identify(token).isPresent());
        clock.advance(Duration.ofSeconds(1));
        assertTrue(service.identify(token).isEmpty());
    }

    @Test
    void tokensEndWithWhatTheyStandFor() {
        IdentityService service = open("root-secret");
        addUser(service, "alice", "alices");
        String member = service.view().roleNamed("member").orElseThrow().id();
        service.change(ADMIN, new IdentityChange.GrantRole("alice", ROOT, member));
        Login login =
                service.logins()
                        .byPassword(
                                service.view().user("alice").orElseThrow(),
                                "alice",
                                "alices",
                                new Logins.Wish.Scoped(ROOT),
                                "host");
        String token = assertInstanceOf(Login.Granted.class, login).text();
        assertEquals(Set.of("member", "reader"), service.identify(token).orElseThrow().roles());
        service.change(ADMIN, new IdentityChange.WithdrawRole("alice", ROOT, member));
        assertTrue(service.identify(token).isEmpty());
        service.change(ADMIN, new IdentityChange.GrantRole("alice", ROOT, member));
        assertTrue(service.identify(token).isPresent());
        service.change(ADMIN, new IdentityChange.Remove(IdentityChange.Kind.USER, "alice"));
        assertTrue(service.identify(token).isEmpty());
    }

    @Test
    void tokenGotJustAfterAPasswordChangeCounts() {
        IdentityService service = open("root-secret");
        addUser(service, "alice", "first");
        User alice = service.view().user("alice").orElseThrow();
        Login before = logIn(service, "alice", "first");
        service.change(
                ADMIN,
                new IdentityChange.PutUser(
                        "alice",
                        "default",
                        "alice",
                        "",
                        "",
                        true,
                        "",
                        service.passwords().hash("second"),
                        alice.position()));
        String old = assertInstanceOf(Login.Granted.class, before).text();
        assertTrue(service.identify(old).isEmpty());
        Login after = logIn(service, "alice", "second");
        String fresh = assertInstanceOf(Login.Granted.class, after).text();
        assertTrue(service.identify(fresh).isPresent());
    }

    @Test
    void stopsLookingAtPasswordsWhenTooManyWereWrong() {
        IdentityService service = open("root-secret");
        for (int i = 0; i < LoginLimiter.Limit.USER.burst(); i++) {
            assertInstanceOf(Login.Refused.class, logIn(service, "admin", "wrong"));
        }
        assertInstanceOf(Login.TooMany.class, logIn(service, "admin", "root-secret"));
    }

    @Test
    void doesNotOpenWithoutTheKeyOfItsSecrets() throws IOException {
        IdentityService service = open("root-secret");
        service.change(
                ADMIN,
                new IdentityChange.AddEc2Credential(
                        "key", "admin", "root", service.siteKey().seal("hush", "key")));
        assertEquals("hush", service.ec2Keys().find("key").orElseThrow().secret());
        Files.delete(directory.resolve(SiteKey.FILE_NAME));
        assertThrows(IdentityException.class, () -> open("root-secret"));
        assertFalse(Files.exists(directory.resolve(SiteKey.FILE_NAME)));
    }
}
