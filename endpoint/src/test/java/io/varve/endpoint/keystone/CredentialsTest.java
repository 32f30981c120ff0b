package io.varve.endpoint.keystone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.keystone.KeystoneFixture.Answer;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Access keys, application credentials, signatures of others, and the old login. */
final class CredentialsTest {
    private KeystoneFixture keystone;
    private String admin = "";
    private String alice = "";
    private String token = "";
    private String blue = "";

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        keystone = new KeystoneFixture(directory);
        admin = keystone.admin();
        alice = keystone.member("alice", "blue");
        token = keystone.token("alice", "alices", "blue");
        blue = keystone.service.view().projectNamed("default", "blue").orElseThrow().id();
    }

    private String ec2() {
        return "/v3/users/" + alice + "/credentials/OS-EC2";
    }

    private Answer makeKey() throws IOException {
        return keystone.expect(201, "POST", ec2(), token, "{'tenant_id':'" + blue + "'}");
    }

    @Test
    void makesShowsListsAndRemovesAccessKeys() throws IOException {
        Answer made = makeKey();
        String access = made.text("/credential/access");
        assertEquals(32, access.length());
        assertEquals(blue, made.text("/credential/tenant_id"));
        assertEquals(alice, made.text("/credential/user_id"));
        assertTrue(made.at("/credential/trust_id").isNull());
        Answer shown = keystone.expect(200, "GET", ec2() + "/" + access, token, null);
        assertEquals(made.document(), shown.document());
        assertEquals(1, keystone.get(ec2(), token).at("/credentials").size());
        var key = keystone.service.ec2Keys().find(access).orElseThrow();
        assertEquals(made.text("/credential/secret"), key.secret());
        assertEquals(blue, key.project().id());
        assertEquals(Set.of("member", "reader"), key.roles());
        keystone.expect(204, "DELETE", ec2() + "/" + access, token, null);
        keystone.expect(404, "GET", ec2() + "/" + access, token, null);
        assertTrue(keystone.service.ec2Keys().find(access).isEmpty());
    }

    @Test
    void givesNobodyKeysForAProjectTheyAreNotIn() throws IOException {
        keystone.expect(403, "POST", ec2(), token, "{'tenant_id':'root'}");
        keystone.expect(404, "POST", ec2(), token, "{'tenant_id':'none'}");
        keystone.expect(400, "POST", ec2(), token, "{}");
        // An administrator may prepare it, and it works only once there is a role.
        Answer made = keystone.expect(201, "POST", ec2(), admin, "{'tenant_id':'root'}");
        String access = made.text("/credential/access");
        assertTrue(keystone.service.ec2Keys().find(access).isEmpty());
    }

    @Test
    void accessKeysEndWithTheRoleAndTheUser() throws IOException {
        String access = makeKey().text("/credential/access");
        String user = "/v3/users/" + alice;
        keystone.expect(200, "PATCH", user, admin, "{'user':{'enabled':false}}");
        assertTrue(keystone.service.ec2Keys().find(access).isEmpty());
        keystone.expect(200, "PATCH", user, admin, "{'user':{'enabled':true}}");
        assertTrue(keystone.service.ec2Keys().find(access).isPresent());
        String role = keystone.service.view().roleNamed("member").orElseThrow().id();
        String grant = "/v3/projects/" + blue + "/users/" + alice + "/roles/" + role;
        keystone.expect(204, "DELETE", grant, admin, null);
        assertTrue(keystone.service.ec2Keys().find(access).isEmpty());
    }

    @Test
    void showsTheSameKeysAsGeneralCredentials() throws IOException {
        String access = makeKey().text("/credential/access");
        String id = CredentialOperations.id(access);
        Answer list = keystone.get("/v3/credentials?type=ec2", token);
        assertEquals(1, list.at("/credentials").size());
        assertEquals(id, list.text("/credentials/0/id"));
        assertTrue(list.text("/credentials/0/blob").contains(access));
        Answer mine =
                keystone.expect(
                        201,
                        "POST",
                        "/v3/credentials",
                        token,
                        "{'credential':{'type':'ec2','project_id':'"
                                + blue
                                + "','blob':{'access':'mykey','secret':'mysecret'}}}");
        assertEquals("mysecret", keystone.service.ec2Keys().find("mykey").orElseThrow().secret());
        keystone.expect(
                204, "DELETE", "/v3/credentials/" + mine.text("/credential/id"), token, null);
        assertTrue(keystone.service.ec2Keys().find("mykey").isEmpty());
        keystone.expect(404, "GET", "/v3/credentials/" + "0".repeat(64), token, null);
    }

    private Answer makeApplication(String more) throws IOException {
        return keystone.expect(
                201,
                "POST",
                "/v3/users/" + alice + "/application_credentials",
                token,
                "{'application_credential':{'name':'backup'" + more + "}}");
    }

    private static String application(Answer made) {
        return ("{'methods':['application_credential'],"
                        + "'application_credential':{'id':'%s','secret':'%s'}}")
                .formatted(
                        made.text("/application_credential/id"),
                        made.text("/application_credential/secret"));
    }

    @Test
    void applicationCredentialLogsInToItsProjectWithItsRoles() throws IOException {
        Answer made = makeApplication(",'roles':[{'name':'reader'}]");
        Answer login = keystone.logIn(application(made), null);
        assertEquals(201, login.status());
        assertEquals(blue, login.text("/token/project/id"));
        assertEquals(1, login.at("/token/roles").size());
        assertEquals("reader", login.text("/token/roles/0/name"));
        assertEquals(401, keystone.logIn(application(made), "'unscoped'").status());
        keystone.expect(
                400,
                "POST",
                "/v3/users/" + alice + "/application_credentials",
                token,
                "{'application_credential':{'name':'x','roles':[{'name':'admin'}]}}");
        String path =
                "/v3/users/"
                        + alice
                        + "/application_credentials/"
                        + made.text("/application_credential/id");
        assertFalse(
                keystone.expect(200, "GET", path, token, null)
                        .at("/application_credential")
                        .has("secret"));
        keystone.expect(204, "DELETE", path, token, null);
        assertEquals(401, keystone.logIn(application(made), null).status());
        keystone.expect(401, "GET", "/v3/auth/projects", login.header("X-Subject-Token"), null);
    }

    @Test
    void restrictedApplicationCredentialMakesNoCredentialsAndNoOtherTokens() throws IOException {
        Answer login = keystone.logIn(application(makeApplication("")), null);
        String restricted = login.header("X-Subject-Token");
        keystone.expect(403, "POST", ec2(), restricted, "{'tenant_id':'" + blue + "'}");
        keystone.expect(403, "GET", ec2(), restricted, null);
        keystone.expect(403, "GET", "/v3/credentials", restricted, null);
        keystone.expect(
                403,
                "POST",
                "/v3/users/" + alice + "/application_credentials",
                restricted,
                "{'application_credential':{'name':'x'}}");
        String again = "{'methods':['token'],'token':{'id':'" + restricted + "'}}";
        assertEquals(401, keystone.logIn(again, KeystoneFixture.projectNamed("blue")).status());
    }

    @Test
    void applicationCredentialEndsWhenItSays() throws IOException {
        Answer made = makeApplication(",'expires_at':'2026-01-02T04:00:00.000000'");
        assertEquals(201, keystone.logIn(application(made), null).status());
        keystone.clock.advance(Duration.ofHours(1));
        assertEquals(401, keystone.logIn(application(made), null).status());
    }

    private static String hmac(String algorithm, String secret, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void checksSignaturesForServicesOnly() throws IOException {
        Answer key = makeKey();
        String access = key.text("/credential/access");
        String text = "GET\n\n\nFri, 02 Jan 2026 03:04:05 GMT\n/bucket/";
        String token64 =
                Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        String signature = hmac("HmacSHA1", key.text("/credential/secret"), text);
        String body =
                "{'credentials':{'access':'%s','token':'%s','signature':'%s'}}"
                        .formatted(access, token64, signature);
        keystone.expect(403, "POST", "/v3/s3tokens", token, body);
        Answer told = keystone.expect(200, "POST", "/v3/s3tokens", admin, body);
        assertEquals(alice, told.text("/token/user/id"));
        assertEquals(blue, told.text("/token/project/id"));
        assertEquals("", told.header("X-Subject-Token"));
        String wrong = body.replace(signature, "AAAA" + signature.substring(4));
        keystone.expect(401, "POST", "/v3/s3tokens", admin, wrong);
        keystone.expect(401, "POST", "/v3/s3tokens", admin, body.replace(access, "nokey"));
    }

    @Test
    void turnsAnEc2SignatureIntoATokenForServices() throws IOException {
        Answer key = makeKey();
        String access = key.text("/credential/access");
        String query =
                "AWSAccessKeyId="
                        + access
                        + "&SignatureMethod=HmacSHA256&SignatureVersion=2"
                        + "&Timestamp=2026-01-02T03%3A04%3A05Z";
        String text = "GET\nsite:9000\n/path\n" + query;
        String signature = hmac("HmacSHA256", key.text("/credential/secret"), text);
        String body =
                """
                {'credentials':{'access':'%s','host':'site:9000','verb':'GET','path':'/path',
                'params':{'AWSAccessKeyId':'%s','SignatureMethod':'HmacSHA256',
                'SignatureVersion':'2','Timestamp':'2026-01-02T03:04:05Z'},
                'headers':{},'signature':'%s'}}
                """
                        .formatted(access, access, signature);
        keystone.expect(403, "POST", "/v3/ec2tokens", token, body);
        Answer given = keystone.expect(200, "POST", "/v3/ec2tokens", admin, body);
        String fresh = given.header("X-Subject-Token");
        assertEquals("blue", keystone.get("/v3/auth/projects", fresh).text("/projects/0/name"));
        keystone.expect(401, "POST", "/v3/ec2tokens", admin, body.replace("'GET'", "'PUT'"));
    }

    private HttpResponse tempAuth(String user, String key) {
        return new TempAuthEndpoint(keystone.service, "")
                .handle(
                        TestRequest.of("GET", "/auth/v1.0")
                                .header("Host", "site:9000")
                                .header("X-Auth-User", user)
                                .header("X-Auth-Key", key)
                                .build());
    }

    @Test
    void oldLoginGivesTheSameTokens() {
        HttpResponse answer = tempAuth("blue:alice", "alices");
        assertEquals(200, answer.status());
        assertEquals(
                "http://site:9000/v1/AUTH_" + blue, answer.headers().firstOr("X-Storage-Url", ""));
        String given = answer.headers().firstOr("X-Auth-Token", "");
        assertEquals(alice, keystone.service.identify(given).orElseThrow().user().id());
        assertEquals(given, answer.headers().firstOr("X-Storage-Token", ""));
        assertEquals(200, tempAuth("admin:admin", KeystoneFixture.ROOT_SECRET).status());
        assertEquals(200, tempAuth(blue + ":alice", "alices").status());
        assertEquals(401, tempAuth("blue:alice", "wrong").status());
        assertEquals(401, tempAuth("admin:alice", "alices").status());
        assertEquals(401, tempAuth("nobody:nobody", "").status());
        assertEquals(401, tempAuth("alice", "alices").status());
    }
}
