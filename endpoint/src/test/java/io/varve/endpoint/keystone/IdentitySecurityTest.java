package io.varve.endpoint.keystone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.keystone.KeystoneFixture.Answer;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What somebody would try who has a little and wants more. */
class IdentitySecurityTest {
    private KeystoneFixture keystone;
    private String admin;
    private String alice;
    private String token;
    private String blue;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        keystone = new KeystoneFixture(directory);
        alice = keystone.member("alice", "blue");
        token = keystone.token("alice", "alices", "blue");
        admin = keystone.admin();
        blue = keystone.get("/v3/auth/projects", token).text("/projects/0/id");
    }

    private String ec2() {
        return "/v3/users/" + alice + "/credentials/OS-EC2";
    }

    private String program(String roles) throws IOException {
        Answer made =
                keystone.expect(
                        201,
                        "POST",
                        "/v3/users/" + alice + "/application_credentials",
                        token,
                        "{'application_credential':{'name':'p%s','unrestricted':true%s}}"
                                .formatted(roles.hashCode(), roles));
        Answer login =
                keystone.logIn(
                        "{'methods':['application_credential'],'application_credential':"
                                + "{'id':'%s','secret':'%s'}}"
                                        .formatted(
                                                made.text("/application_credential/id"),
                                                made.text("/application_credential/secret")),
                        null);
        assertEquals(201, login.status());
        return login.header("X-Subject-Token");
    }

    private String makeKey(String asToken) throws IOException {
        return keystone.expect(201, "POST", ec2(), asToken, tenant(blue))
                .text("/credential/access");
    }

    private static String tenant(String project) {
        return "{'tenant_id':'" + project + "'}";
    }

    /** A key has all of its user's roles. */
    @Test
    void programWithSomeRolesGetsNoKeysThatHaveAllOfThem() throws IOException {
        String access = makeKey(token);
        String reader = program(",'roles':[{'name':'reader'}]");
        keystone.expect(403, "POST", ec2(), reader, tenant(blue));
        keystone.expect(
                403,
                "POST",
                "/v3/credentials",
                reader,
                ("{'credential':{'type':'ec2','project_id':'%s',"
                                + "'blob':{'access':'mine','secret':'my-secret'}}}")
                        .formatted(blue));
        assertEquals(0, keystone.get(ec2(), reader).at("/credentials").size());
        assertEquals(0, keystone.get("/v3/credentials", reader).at("/credentials").size());
        keystone.expect(404, "GET", ec2() + "/" + access, reader, null);
        keystone.expect(404, "DELETE", ec2() + "/" + access, reader, null);
        keystone.expect(200, "GET", ec2() + "/" + access, token, null);
    }

    @Test
    void programWithAllRolesGetsKeysForItsProjectAndNoOther() throws IOException {
        String green =
                keystone.expect(201, "POST", "/v3/projects", admin, "{'project':{'name':'green'}}")
                        .text("/project/id");
        String member = keystone.service.view().roleNamed("member").orElseThrow().id();
        keystone.expect(
                204,
                "PUT",
                "/v3/projects/" + green + "/users/" + alice + "/roles/" + member,
                admin,
                null);
        String whole = program("");
        keystone.expect(200, "GET", ec2() + "/" + makeKey(whole), whole, null);
        keystone.expect(403, "POST", ec2(), whole, tenant(green));
        String other =
                keystone.expect(201, "POST", ec2(), token, tenant(green))
                        .text("/credential/access");
        keystone.expect(404, "GET", ec2() + "/" + other, whole, null);
        assertEquals(1, keystone.get(ec2(), whole).at("/credentials").size());
    }

    @Test
    void serviceValidatesTokensOfOthersAndRevokesNone() throws IOException {
        keystone.member("swift", "services");
        String service = keystone.service.view().roleNamed("service").orElseThrow().id();
        String user = keystone.service.view().userNamed("default", "swift").orElseThrow().id();
        String project =
                keystone.service.view().projectNamed("default", "services").orElseThrow().id();
        String path = "/v3/projects/" + project + "/users/" + user + "/roles/" + service;
        keystone.expect(204, "PUT", path, admin, null);
        String asking = keystone.token("swift", "swifts", "services");
        assertEquals(200, about("GET", asking).status());
        assertEquals(403, about("DELETE", asking).status());
        assertEquals(200, about("GET", asking).status());
        assertEquals(204, about("DELETE", token).status());
        assertEquals(404, about("GET", asking).status());
    }

    private Answer about(String method, String asking) throws IOException {
        return keystone.send(
                TestRequest.of(method, "/v3/auth/tokens")
                        .header("X-Auth-Token", asking)
                        .header("X-Subject-Token", token));
    }

    private static byte[] hmac(String algorithm, byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The clock stands at 2026-01-02T03:04:05Z. No header is signed, so none says when it was. */
    @ParameterizedTest
    @CsvSource({
        "Expires,2026-01-02T03:05:00Z,200",
        "Expires,2026-01-02T03:04:00Z,401",
        "Expires,soon,401",
        "Timestamp,2026-01-02T02:04:05Z,401",
        "Comment,none,401"
    })
    void takesASignatureOfVersion2NotTwice(String name, String value, int status)
            throws IOException {
        Answer key = keystone.expect(201, "POST", ec2(), token, tenant(blue));
        String text =
                "GET\nsite\n/\n"
                        + (name.compareTo("SignatureVersion") < 0
                                ? name + "=" + value.replace(":", "%3A") + "&SignatureVersion=2"
                                : "SignatureVersion=2&" + name + "=" + value.replace(":", "%3A"));
        byte[] secret = key.text("/credential/secret").getBytes(StandardCharsets.UTF_8);
        String signature = Base64.getEncoder().encodeToString(hmac("HmacSHA1", secret, text));
        String body =
                """
                {'credentials':{'access':'%s','host':'site','verb':'GET','path':'/',
                'params':{'SignatureVersion':'2','%s':'%s'},
                'headers':{'X-Amz-Date':'20260102T030405Z'},'signature':'%s'}}
                """
                        .formatted(key.text("/credential/access"), name, value, signature);
        keystone.expect(status, "POST", "/v3/ec2tokens", admin, body);
    }

    /** With a signature in the query, a header of that name is not signed. */
    @ParameterizedTest
    @CsvSource({
        "20260102T030405Z,20260102,200",
        "20260102T020405Z,20260102,401",
        "20260102T030405Z,20260101,401",
        "'',20260102,401"
    })
    void takesASignatureOfVersion4ForItsTimeOnly(String date, String keyDate, int status)
            throws IOException {
        Answer key = keystone.expect(201, "POST", ec2(), token, tenant(blue));
        String access = key.text("/credential/access");
        String scope = keyDate + "/us-east-1/ec2/aws4_request";
        String canonical =
                "GET\n/\nX-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                        + (access + "/" + scope).replace("/", "%2F")
                        + "&X-Amz-Date="
                        + date
                        + "&X-Amz-SignedHeaders=host\nhost:site\n\nhost\nhash";
        String text = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical);
        byte[] signing = ("AWS4" + key.text("/credential/secret")).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            signing = hmac("HmacSHA256", signing, part);
        }
        String body =
                """
                {'credentials':{'access':'%s','host':'site','verb':'GET','path':'/',
                'params':{'X-Amz-Algorithm':'AWS4-HMAC-SHA256','X-Amz-Credential':'%s/%s',
                'X-Amz-Date':'%s','X-Amz-SignedHeaders':'host'},'body_hash':'hash',
                'headers':{'Host':'site','X-Amz-Date':'20260102T030405Z'},'signature':'%s'}}
                """
                        .formatted(
                                access,
                                access,
                                scope,
                                date,
                                HexFormat.of().formatHex(hmac("HmacSHA256", signing, text)));
        keystone.expect(status, "POST", "/v3/ec2tokens", admin, body);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesNoTokenOfWhichACharacterWasChanged() throws IOException {
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            int place = i;
            Answer answer = keystone.get("/v3/auth/projects", forged);
            // The last character may stand for bits that are not there.
            boolean same = i == token.length() - 1 && answer.status() == 200;
            assertTrue(answer.status() == 401 || same, () -> "character " + place);
        }
    }

    /** Anybody can write such headers, so they say nothing of where a request is from. */
    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Cluster-Client-Ip"})
    void countsFailuresByTheConnectionWhateverItSaysOfItself(String header) throws IOException {
        Answer last = guess(header, 0);
        for (int i = 1; i < 200 && last.status() == 401; i++) {
            last = guess(header, i);
        }
        assertEquals(429, last.status());
    }

    private Answer guess(String header, int number) throws IOException {
        String body =
                "{'auth':{'identity':"
                        + KeystoneFixture.password("somebody" + number, "guess")
                        + "}}";
        return keystone.send(
                TestRequest.of("POST", "/v3/auth/tokens")
                        .header(header, "10.0.0." + number)
                        .body(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
}
