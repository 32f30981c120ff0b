package io.varve.endpoint.keystone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.keystone.KeystoneFixture.Answer;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class TokensTest {
    private KeystoneFixture keystone;

    @BeforeEach
    void open(@TempDir Path directory) {
        keystone = new KeystoneFixture(directory);
    }

    private Answer subject(String method, String token, String subject) throws IOException {
        return keystone.send(
                TestRequest.of(method, "/v3/auth/tokens")
                        .header("X-Auth-Token", token)
                        .header("X-Subject-Token", subject));
    }

    @Test
    void saysWhereTheVersionsAre() throws IOException {
        Answer root = keystone.send(TestRequest.of("GET", "/"));
        assertEquals(300, root.status());
        assertEquals("http://site:9000/v3/", root.text("/versions/values/0/links/0/href"));
        assertEquals("http://site:9000/v3/", root.header("Location"));
        Answer v3 = keystone.send(TestRequest.of("GET", "/v3/"));
        assertEquals(200, v3.status());
        assertEquals("stable", v3.text("/version/status"));
    }

    @Test
    void issuesATokenWithCatalogAndRoles() throws IOException {
        Answer answer =
                keystone.logIn(
                        KeystoneFixture.password("admin", KeystoneFixture.ROOT_SECRET),
                        KeystoneFixture.projectNamed("admin"));
        assertEquals(201, answer.status());
        assertEquals("admin", answer.text("/token/user/name"));
        assertEquals("Default", answer.text("/token/user/domain/name"));
        assertEquals("root", answer.text("/token/project/id"));
        assertEquals("2026-01-02T15:04:05.000000Z", answer.text("/token/expires_at"));
        List<String> urls = new ArrayList<>();
        for (var service : answer.at("/token/catalog")) {
            assertEquals(3, service.path("endpoints").size());
            urls.add(service.path("type").asText() + " " + service.at("/endpoints/0/url").asText());
        }
        assertEquals(
                List.of(
                        "identity http://site:9000/v3",
                        "object-store http://site:9000/v1/AUTH_root",
                        "s3 http://site:9000"),
                urls);
    }

    @Test
    void takesTheDefaultProjectUnlessAskedForNoScope() throws IOException {
        String login = KeystoneFixture.password("admin", KeystoneFixture.ROOT_SECRET);
        assertEquals("root", keystone.logIn(login, null).text("/token/project/id"));
        Answer unscoped = keystone.logIn(login, "'unscoped'");
        assertEquals(201, unscoped.status());
        assertTrue(unscoped.at("/token/project").isMissingNode());
        assertTrue(unscoped.at("/token/catalog").isMissingNode());
        Answer system = keystone.logIn(login, "{'system':{'all':true}}");
        assertTrue(system.at("/token/system/all").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'project':{'id':'none'}}",
                "{'project':{'name':'admin','domain':{'id':'none'}}}",
                "{'domain':{'id':'default'}}"
            })
    void refusesAScopeWithoutARole(String scope) throws IOException {
        String login = KeystoneFixture.password("admin", KeystoneFixture.ROOT_SECRET);
        assertEquals(401, keystone.logIn(login, scope).status());
    }

    @Test
    void answersEveryWrongLoginAlike() throws IOException {
        Answer wrong = keystone.logIn(KeystoneFixture.password("admin", "wrong"), null);
        Answer nobody = keystone.logIn(KeystoneFixture.password("nobody", "wrong"), null);
        assertEquals(401, wrong.status());
        assertEquals(wrong.document(), nobody.document());
        assertEquals(
                "{\"error\":{\"code\":401,\"message\":\"The request you have made requires"
                        + " authentication.\",\"title\":\"Unauthorized\"}}",
                wrong.document().toString());
        assertEquals("Keystone uri=\"http://site:9000/v3\"", wrong.header("WWW-Authenticate"));
    }

    @Test
    void tellsWhenToComeBackAfterTooManyWrongLogins() throws IOException {
        Answer last = keystone.logIn(KeystoneFixture.password("eve", "wrong"), null);
        for (int i = 0; i < 50 && last.status() == 401; i++) {
            last = keystone.logIn(KeystoneFixture.password("eve", "wrong"), null);
        }
        assertEquals(429, last.status());
        assertTrue(Integer.parseInt(last.header("Retry-After")) > 0);
        assertEquals(
                201,
                keystone.logIn(KeystoneFixture.password("admin", KeystoneFixture.ROOT_SECRET), null)
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'methods':[]}",
                "{'methods':['password']}",
                "{'methods':['password'],'password':{}}",
                "{'methods':['password'],'password':{'user':{'name':'x','password':'y'}}}",
                "{'methods':['password'],'password':{'user':{'name':7,'password':'y'}}}",
                "{'methods':['password','token']}"
            })
    void refusesWhatIsNoLogin(String identity) throws IOException {
        assertEquals(400, keystone.logIn(identity, null).status());
    }

    @Test
    void validatesForItsHolderAndForServices() throws IOException {
        keystone.member("alice", "blue");
        String admin = keystone.admin();
        String alice = keystone.token("alice", "alices", "blue");
        Answer own = subject("GET", alice, alice);
        assertEquals(200, own.status());
        assertEquals("alice", own.text("/token/user/name"));
        assertEquals(alice, own.header("X-Subject-Token"));
        assertEquals(200, subject("HEAD", admin, alice).status());
        assertEquals(403, subject("GET", alice, admin).status());
        assertEquals(404, subject("GET", alice, "nonsense").status());
        assertEquals(401, subject("GET", "nonsense", alice).status());
    }

    @Test
    void revokesOneTokenAndLeavesTheOthers() throws IOException {
        String first = keystone.admin();
        String second = keystone.admin();
        assertEquals(204, subject("DELETE", first, second).status());
        assertEquals(404, subject("GET", first, second).status());
        assertEquals(200, subject("GET", first, first).status());
    }

    @Test
    void tokenOfATokenEndsWithItAndNotLater() throws IOException {
        String first = keystone.admin();
        keystone.clock.advance(Duration.ofHours(1));
        Answer second =
                keystone.logIn(
                        "{'methods':['token'],'token':{'id':'" + first + "'}}",
                        KeystoneFixture.projectNamed("admin"));
        assertEquals(201, second.status());
        assertEquals("2026-01-02T15:04:05.000000Z", second.text("/token/expires_at"));
        assertEquals(2, second.at("/token/audit_ids").size());
        assertNotEquals(second.text("/token/audit_ids/0"), second.text("/token/audit_ids/1"));
        String child = second.header("X-Subject-Token");
        assertEquals(204, subject("DELETE", first, first).status());
        assertEquals(401, keystone.get("/v3/auth/projects", child).status());
    }

    @Test
    void showsWhatOneHasRolesOn() throws IOException {
        keystone.member("alice", "blue");
        String alice = keystone.token("alice", "alices", "blue");
        Answer projects = keystone.get("/v3/auth/projects", alice);
        assertEquals(1, projects.at("/projects").size());
        assertEquals("blue", projects.text("/projects/0/name"));
        assertEquals(3, keystone.get("/v3/auth/catalog", alice).at("/catalog").size());
    }

    @Test
    void knowsPathsAndMethodsThatAreNotThere() throws IOException {
        assertEquals(404, keystone.get("/v3/nothing", keystone.admin()).status());
        assertEquals(
                405, keystone.send("PATCH", "/v3/auth/tokens", keystone.admin(), "{}").status());
    }
}
