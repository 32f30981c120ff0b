package io.varve.endpoint.keystone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.keystone.KeystoneFixture.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** Domains, projects, users, roles: made, changed, found, removed, and by whom. */
final class DirectoryTest {
    private KeystoneFixture keystone;
    private String admin = "";

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        keystone = new KeystoneFixture(directory);
        admin = keystone.admin();
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path("name").asText())
                .sorted()
                .toList();
    }

    @Test
    void makesFindsChangesAndRemovesAProject() throws IOException {
        Answer made =
                keystone.expect(
                        201,
                        "POST",
                        "/v3/projects",
                        admin,
                        "{'project':{'name':'blue','domain_id':'default','description':'d'}}");
        String path = "/v3/projects/" + made.text("/project/id");
        assertEquals("http://site:9000" + path, made.text("/project/links/self"));
        keystone.expect(409, "POST", "/v3/projects", admin, "{'project':{'name':'blue'}}");
        keystone.expect(
                404, "POST", "/v3/projects", admin, "{'project':{'name':'x','domain_id':'no'}}");
        keystone.expect(400, "POST", "/v3/projects", admin, "{'project':{}}");
        assertEquals(
                List.of("blue"),
                names(keystone.get("/v3/projects?name=blue", admin).at("/projects")));
        assertEquals(
                List.of("admin", "blue"),
                names(keystone.get("/v3/projects", admin).at("/projects")));
        Answer changed =
                keystone.expect(
                        200, "PATCH", path, admin, "{'project':{'name':'green','enabled':false}}");
        assertEquals("d", changed.text("/project/description"));
        assertFalse(changed.at("/project/enabled").asBoolean());
        keystone.expect(204, "DELETE", path, admin, null);
        keystone.expect(404, "GET", path, admin, null);
        keystone.expect(403, "DELETE", "/v3/projects/root", admin, null);
    }

    @Test
    void letsMembersSeeTheirOwnAndNothingElse() throws IOException {
        String alice = keystone.member("alice", "blue");
        String bob = keystone.member("bob", "red");
        String token = keystone.token("alice", "alices", "blue");
        String blue = keystone.service.view().projectNamed("default", "blue").orElseThrow().id();
        String red = keystone.service.view().projectNamed("default", "red").orElseThrow().id();
        for (String path :
                List.of(
                        "/v3/projects/" + blue,
                        "/v3/users/" + alice,
                        "/v3/users/" + alice + "/projects",
                        "/v3/users/" + alice + "/credentials/OS-EC2",
                        "/v3/users/" + alice + "/application_credentials",
                        "/v3/domains/default",
                        "/v3/roles?name=member",
                        "/v3/role_assignments?user.id=" + alice)) {
            keystone.expect(200, "GET", path, token, null);
        }
        for (String path :
                List.of(
                        "/v3/projects",
                        "/v3/projects/" + red,
                        "/v3/users",
                        "/v3/users/" + bob,
                        "/v3/users/" + bob + "/projects",
                        "/v3/users/" + bob + "/credentials/OS-EC2",
                        "/v3/users/" + bob + "/application_credentials",
                        "/v3/domains",
                        "/v3/role_assignments",
                        "/v3/role_assignments?user.id=" + bob)) {
            keystone.expect(403, "GET", path, token, null);
        }
        keystone.expect(403, "POST", "/v3/projects", token, "{'project':{'name':'x'}}");
        keystone.expect(403, "POST", "/v3/users", token, "{'user':{'name':'x'}}");
        keystone.expect(403, "POST", "/v3/roles", token, "{'role':{'name':'x'}}");
        keystone.expect(403, "POST", "/v3/domains", token, "{'domain':{'name':'x'}}");
        keystone.expect(403, "PATCH", "/v3/users/" + alice, token, "{'user':{'name':'x'}}");
        keystone.expect(403, "DELETE", "/v3/users/" + bob, token, null);
        String role = keystone.service.view().roleNamed("admin").orElseThrow().id();
        String grant = "/v3/projects/" + blue + "/users/" + alice + "/roles/" + role;
        keystone.expect(403, "PUT", grant, token, null);
    }

    @Test
    void needsATokenForEverythingButLogins() throws IOException {
        for (String path :
                List.of(
                        "/v3/projects",
                        "/v3/users",
                        "/v3/roles",
                        "/v3/domains",
                        "/v3/credentials",
                        "/v3/groups",
                        "/v3/role_assignments",
                        "/v3/auth/catalog",
                        "/v3/auth/projects",
                        "/v3/auth/tokens",
                        "/v3/users/admin/credentials/OS-EC2",
                        "/v3/users/admin/application_credentials")) {
            keystone.expect(401, "GET", path, "nonsense", null);
        }
    }

    @Test
    void changesAPasswordForWhoKnowsTheOldOne() throws IOException {
        String alice = keystone.member("alice", "blue");
        String token = keystone.token("alice", "alices", "blue");
        String path = "/v3/users/" + alice + "/password";
        keystone.expect(
                401,
                "POST",
                path,
                token,
                "{'user':{'original_password':'wrong','password':'fresh'}}");
        keystone.expect(
                204,
                "POST",
                path,
                "",
                "{'user':{'original_password':'alices','password':'fresh'}}");
        keystone.expect(401, "GET", "/v3/auth/projects", token, null);
        assertNotEquals("", keystone.token("alice", "fresh", "blue"));
        Answer old = keystone.logIn(KeystoneFixture.password("alice", "alices"), null);
        assertEquals(401, old.status());
        assertEquals(alice, keystone.ledger.records().getLast().principal());
    }

    @Test
    void locksOutWhoIsDisabledAndLetsThemInAgain() throws IOException {
        String alice = keystone.member("alice", "blue");
        String token = keystone.token("alice", "alices", "blue");
        keystone.expect(200, "PATCH", "/v3/users/" + alice, admin, "{'user':{'enabled':false}}");
        keystone.expect(401, "GET", "/v3/auth/projects", token, null);
        assertEquals(
                401, keystone.logIn(KeystoneFixture.password("alice", "alices"), null).status());
        keystone.expect(200, "PATCH", "/v3/users/" + alice, admin, "{'user':{'enabled':true}}");
        keystone.expect(401, "GET", "/v3/auth/projects", token, null);
        assertNotEquals("", keystone.token("alice", "alices", "blue"));
    }

    @Test
    void tellsAssignmentsByWhateverIsAskedFor() throws IOException {
        String alice = keystone.member("alice", "blue");
        Answer byUser =
                keystone.get("/v3/role_assignments?user.id=" + alice + "&include_names", admin);
        assertEquals(1, byUser.at("/role_assignments").size());
        assertEquals("member", byUser.text("/role_assignments/0/role/name"));
        assertEquals("blue", byUser.text("/role_assignments/0/scope/project/name"));
        Answer system = keystone.get("/v3/role_assignments?scope.system=all", admin);
        assertEquals(1, system.at("/role_assignments").size());
        assertEquals("admin", system.text("/role_assignments/0/user/id"));
    }

    @Test
    void grantsChecksAndWithdrawsARole() throws IOException {
        String alice = keystone.member("alice", "blue");
        String role =
                keystone.expect(201, "POST", "/v3/roles", admin, "{'role':{'name':'writer'}}")
                        .text("/role/id");
        keystone.expect(409, "POST", "/v3/roles", admin, "{'role':{'name':'writer'}}");
        for (String target : List.of("domains/default", "system", "projects/root")) {
            String path = "/v3/" + target + "/users/" + alice + "/roles/" + role;
            keystone.expect(404, "HEAD", path, admin, null);
            keystone.expect(204, "PUT", path, admin, null);
            keystone.expect(204, "HEAD", path, admin, null);
            String all = path.substring(0, path.lastIndexOf('/'));
            assertEquals(List.of("writer"), names(keystone.get(all, admin).at("/roles")));
            keystone.expect(204, "DELETE", path, admin, null);
            keystone.expect(404, "DELETE", path, admin, null);
        }
        keystone.expect(204, "DELETE", "/v3/roles/" + role, admin, null);
    }

    @Test
    void removesADomainOnlyOnceItIsDisabled() throws IOException {
        String id =
                keystone.expect(201, "POST", "/v3/domains", admin, "{'domain':{'name':'other'}}")
                        .text("/domain/id");
        String user = "{'user':{'name':'admin','domain_id':'" + id + "','password':'p'}}";
        String there = keystone.expect(201, "POST", "/v3/users", admin, user).text("/user/id");
        keystone.expect(403, "DELETE", "/v3/domains/" + id, admin, null);
        keystone.expect(200, "PATCH", "/v3/domains/" + id, admin, "{'domain':{'enabled':false}}");
        keystone.expect(204, "DELETE", "/v3/domains/" + id, admin, null);
        keystone.expect(404, "GET", "/v3/users/" + there, admin, null);
        keystone.expect(403, "PATCH", "/v3/domains/default", admin, "{'domain':{'enabled':false}}");
    }

    @Test
    void saysWhoDidItInTheJournal() throws IOException {
        keystone.expect(201, "POST", "/v3/projects", admin, "{'project':{'name':'blue'}}");
        assertEquals("admin", keystone.ledger.records().getLast().principal());
        assertTrue(keystone.ledger.records().getFirst().principal().isEmpty());
    }
}
