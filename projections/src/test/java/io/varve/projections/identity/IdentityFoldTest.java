package io.varve.projections.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.AddApplicationCredential;
import io.varve.journal.record.IdentityChange.AddEc2Credential;
import io.varve.journal.record.IdentityChange.GrantRole;
import io.varve.journal.record.IdentityChange.Kind;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.IdentityChange.Remove;
import io.varve.journal.record.IdentityChange.RevokeTokens;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.KeptSecret;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.RoleScope;
import io.varve.projections.KeyOrder;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

final class IdentityFoldTest {
    private static final KeptSecret SECRET = new KeptSecret("kept");

    private final MemoryViewStore store = new MemoryViewStore();
    private final ViewBatch batch = new ViewBatch(store);
    private final IdentityFold fold = new IdentityFold(batch);
    private final IdentityMemory memory = IdentityMemory.load(store);
    private long position;
    private long micros;

    @BeforeEach
    void someoneSomewhere() {
        applied(new PutDomain("d", "Default", "", true, 0));
        applied(new PutProject("p", "d", "project", "", true, 0));
        applied(user("u", "alice", "hash", true, 0));
        applied(new PutRole("r", "member", "", 0));
    }

    private @Nullable IdentityRefusal apply(IdentityChange change) {
        micros += 1000;
        JournalRecord record =
                new JournalRecord(
                        0, ++position, micros, 1, new RequestId(1, position), "admin", change);
        IdentityRefusal refusal = fold.apply(change, record);
        batch.commit(record);
        memory.publish(fold.settle());
        return refusal;
    }

    private void applied(IdentityChange change) {
        assertNull(apply(change), change::toString);
    }

    private static PutUser user(
            String id, String name, String hash, boolean enabled, long basedOn) {
        return new PutUser(id, "d", name, "", "", enabled, "", new KeptSecret(hash), basedOn);
    }

    private User alice() {
        return memory.user("u").orElseThrow();
    }

    @Test
    void keepsNamesUniqueWithinTheirDomain() {
        applied(new PutDomain("d2", "Other", "", true, 0));
        assertEquals(IdentityRefusal.NAME_TAKEN, apply(new PutDomain("d3", "Other", "", true, 0)));
        assertEquals(
                IdentityRefusal.NAME_TAKEN,
                apply(new PutProject("p2", "d", "project", "", true, 0)));
        applied(new PutProject("p2", "d2", "project", "", true, 0));
        assertEquals(IdentityRefusal.NAME_TAKEN, apply(user("u2", "alice", "", true, 0)));
        assertEquals(IdentityRefusal.NAME_TAKEN, apply(new PutRole("r2", "member", "", 0)));
        assertEquals("p2", memory.projectNamed("d2", "project").orElseThrow().id());
    }

    @Test
    void freesTheOldNameWhenSomethingIsRenamed() {
        applied(user("u", "alicia", "hash", true, alice().position()));
        assertTrue(memory.userNamed("d", "alice").isEmpty());
        applied(user("u2", "alice", "", true, 0));
        assertEquals("u", memory.userNamed("d", "alicia").orElseThrow().id());
    }

    @Test
    void refusesAChangeMadeFromAnOlderState() {
        long seen = alice().position();
        applied(user("u", "alice", "hash2", true, seen));
        assertEquals(IdentityRefusal.CHANGED_MEANWHILE, apply(user("u", "alice", "x", true, seen)));
        assertEquals(IdentityRefusal.ID_TAKEN, apply(user("u", "alice", "x", true, 0)));
        assertEquals(IdentityRefusal.NO_SUCH_USER, apply(user("v", "bob", "x", true, 7)));
        assertEquals("hash2", alice().password().text());
    }

    @Test
    void refusesWhatHangsOnNothing() {
        assertEquals(
                IdentityRefusal.NO_SUCH_DOMAIN,
                apply(new PutProject("x", "none", "x", "", true, 0)));
        assertEquals(
                IdentityRefusal.NO_SUCH_USER,
                apply(new GrantRole("none", RoleScope.project("p"), "r")));
        assertEquals(
                IdentityRefusal.NO_SUCH_ROLE,
                apply(new GrantRole("u", RoleScope.project("p"), "none")));
        assertEquals(
                IdentityRefusal.NO_SUCH_PROJECT,
                apply(new GrantRole("u", RoleScope.project("none"), "r")));
        assertEquals(
                IdentityRefusal.NO_SUCH_PROJECT,
                apply(new AddEc2Credential("key", "u", "none", SECRET)));
        assertEquals(
                IdentityRefusal.NO_SUCH_GRANT,
                apply(new IdentityChange.WithdrawRole("u", RoleScope.SYSTEM, "r")));
    }

    @Test
    void endsTokensWhenThePasswordChangesOrTheUserIsDisabled() {
        assertEquals(0, alice().tokensAfterMicros());
        applied(user("u", "alicia", "hash", true, alice().position()));
        assertEquals(0, alice().tokensAfterMicros());
        applied(user("u", "alicia", "other", true, alice().position()));
        assertEquals(micros, alice().tokensAfterMicros());
        applied(user("u", "alicia", "other", false, alice().position()));
        assertEquals(micros, alice().tokensAfterMicros());
        long disabled = micros;
        applied(user("u", "alicia", "other", true, alice().position()));
        assertEquals(disabled, alice().tokensAfterMicros());
    }

    @Test
    void forgetsRevokedTokensOnceTheyHaveExpired() {
        applied(new RevokeTokens("u", "t1", micros + 1500));
        assertTrue(memory.revoked("u", "t1"));
        applied(new RevokeTokens("u", "t2", Long.MAX_VALUE));
        assertFalse(memory.revoked("u", "t1"));
        assertTrue(memory.revoked("u", "t2"));
    }

    @Test
    void endsAllTokensOfAUserWhoRevokesTooMany() {
        for (int i = 0; i < IdentityFold.REVOKED_TOKENS_MAX; i++) {
            applied(new RevokeTokens("u", "t" + i, Long.MAX_VALUE));
        }
        assertEquals(0, alice().tokensAfterMicros());
        applied(new RevokeTokens("u", "last", Long.MAX_VALUE));
        assertEquals(micros, alice().tokensAfterMicros());
        assertFalse(memory.revoked("u", "t0"));
    }

    @Test
    void givesEachAccessKeyToOneUserAndNotTooManyToAny() {
        applied(new AddEc2Credential("key", "u", "p", SECRET));
        applied(user("u2", "bob", "", true, 0));
        assertEquals(
                IdentityRefusal.ID_TAKEN, apply(new AddEc2Credential("key", "u2", "p", SECRET)));
        for (int i = 1; i < IdentityFold.CREDENTIALS_MAX; i++) {
            applied(new AddEc2Credential("key" + i, "u", "p", SECRET));
        }
        assertEquals(
                IdentityRefusal.TOO_MANY, apply(new AddEc2Credential("more", "u", "p", SECRET)));
        applied(new AddEc2Credential("more", "u2", "p", SECRET));
        applied(new IdentityChange.RemoveEc2Credential("u", "key"));
        assertEquals(
                IdentityRefusal.NO_SUCH_CREDENTIAL,
                apply(new IdentityChange.RemoveEc2Credential("u", "key")));
        applied(new AddEc2Credential("key", "u2", "p", SECRET));
        assertEquals("u2", memory.ec2Credential("key").orElseThrow().userId());
    }

    @Test
    void removesWithAUserAllThatTheyHad() {
        hold("u", "p");
        applied(new RevokeTokens("u", "t", Long.MAX_VALUE));
        applied(new Remove(Kind.USER, "u"));
        assertEquals(List.of(), memory.grants());
        assertEquals(List.of(), memory.ec2Credentials());
        assertTrue(memory.applicationCredential("app-u-p").isEmpty());
        assertTrue(memory.userNamed("d", "alice").isEmpty());
        assertFalse(memory.revoked("u", "t"));
        applied(user("u2", "alice", "", true, 0));
        applied(new AddEc2Credential("ec2-u-p", "u2", "p", SECRET));
    }

    @Test
    void removesWithAProjectWhatWasForIt() {
        applied(new PutProject("p2", "d", "two", "", true, 0));
        hold("u", "p");
        hold("u", "p2");
        applied(new Remove(Kind.PROJECT, "p"));
        assertEquals(1, memory.grants().size());
        assertTrue(memory.ec2Credential("ec2-u-p").isEmpty());
        assertTrue(memory.ec2Credential("ec2-u-p2").isPresent());
        assertEquals(1, memory.applicationCredentialsOf("u").size());
    }

    @Test
    void removesADomainOnlyOnceItIsDisabledAndThenAllInIt() {
        hold("u", "p");
        assertEquals(IdentityRefusal.DOMAIN_ENABLED, apply(new Remove(Kind.DOMAIN, "d")));
        long seen = memory.domain("d").orElseThrow().position();
        applied(new PutDomain("d", "Default", "", false, seen));
        applied(new Remove(Kind.DOMAIN, "d"));
        assertEquals(List.of(), memory.users());
        assertEquals(List.of(), memory.projects());
        assertEquals(List.of(), memory.grants());
        assertEquals(List.of(), memory.ec2Credentials());
        assertEquals(1, memory.roles().size());
    }

    private void hold(String user, String project) {
        applied(new GrantRole(user, RoleScope.project(project), "r"));
        String name = user + "-" + project;
        applied(new AddEc2Credential("ec2-" + name, user, project, SECRET));
        applied(
                new AddApplicationCredential(
                        "app-" + name, user, project, name, "", SECRET, List.of("r"), 0, false));
    }

    @Test
    void comesOutOfTheStoreAsItWasPublished() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3000; i++) {
            apply(any(random));
        }
        IdentityMemory loaded = IdentityMemory.load(store);
        assertEquals(memory.domains(), loaded.domains(), () -> "seed=" + seed);
        assertEquals(memory.projects(), loaded.projects(), () -> "seed=" + seed);
        assertEquals(memory.users(), loaded.users(), () -> "seed=" + seed);
        assertEquals(memory.roles(), loaded.roles(), () -> "seed=" + seed);
        assertEquals(memory.grants(), loaded.grants(), () -> "seed=" + seed);
        assertEquals(memory.ec2Credentials(), loaded.ec2Credentials(), () -> "seed=" + seed);
        for (User user : memory.users()) {
            assertEquals(user, loaded.userNamed(user.domainId(), user.name()).orElseThrow());
            assertEquals(
                    memory.applicationCredentialsOf(user.id()),
                    loaded.applicationCredentialsOf(user.id()),
                    () -> "seed=" + seed);
        }
        leavesNothingBehind(seed);
    }

    /** Once everything is removed, so is every row. */
    private void leavesNothingBehind(long seed) {
        for (Domain domain : memory.domains()) {
            apply(new PutDomain(domain.id(), domain.name(), "", false, domain.position()));
            applied(new Remove(Kind.DOMAIN, domain.id()));
        }
        memory.roles().forEach(role -> applied(new Remove(Kind.ROLE, role.id())));
        byte[] table = IdentityKeys.table();
        try (ViewCursor rows = store.scan(table, KeyOrder.afterPrefix(table))) {
            assertFalse(
                    rows.valid(),
                    () -> "seed=" + seed + ", left: " + IdentityKeys.describe(rows.key()));
        }
    }

    private IdentityChange any(SplittableRandom random) {
        String user = "u" + random.nextInt(6);
        String project = "p" + random.nextInt(5);
        String domain = random.nextBoolean() ? "d" : "d" + random.nextInt(3);
        String role = "r" + random.nextInt(4);
        String name = "n" + random.nextInt(8);
        String key = "k" + random.nextInt(12);
        RoleScope scope =
                switch (random.nextInt(3)) {
                    case 0 -> RoleScope.SYSTEM;
                    case 1 -> RoleScope.domain(domain);
                    default -> RoleScope.project(project);
                };
        boolean flag = random.nextBoolean();
        return switch (random.nextInt(16)) {
            case 0 ->
                    new PutDomain(
                            domain,
                            name,
                            "",
                            flag,
                            memory.domain(domain).map(Domain::position).orElse(0L));
            case 1, 2 ->
                    new PutProject(
                            project,
                            domain,
                            name,
                            "",
                            flag,
                            memory.project(project).map(Project::position).orElse(0L));
            case 3, 4 ->
                    new PutUser(
                            user,
                            domain,
                            name,
                            "",
                            "",
                            flag,
                            "",
                            new KeptSecret(name),
                            memory.user(user).map(User::position).orElse(0L));
            case 5 -> new PutRole(role, name, "", memory.role(role).map(Role::position).orElse(0L));
            case 6 -> new Remove(Kind.values()[random.nextInt(4)], flag ? user : project);
            case 7 -> new Remove(Kind.ROLE, role);
            case 8, 9 -> new GrantRole(user, scope, role);
            case 10 -> new IdentityChange.WithdrawRole(user, scope, role);
            case 11 ->
                    new AddApplicationCredential(
                            key, user, project, name, "", SECRET, List.of(role), 0, flag);
            case 12 -> new IdentityChange.RemoveApplicationCredential(user, key);
            case 13 -> new AddEc2Credential(key, user, project, SECRET);
            case 14 -> new IdentityChange.RemoveEc2Credential(user, key);
            default -> new RevokeTokens(user, flag ? "" : key, micros + random.nextInt(9000));
        };
    }
}
