package io.varve.endpoint.keystone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.identity.FoldingLedger;
import io.varve.endpoint.identity.IdentityLedger;
import io.varve.endpoint.identity.IdentityService;
import io.varve.endpoint.identity.TestClock;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.server.TestResponses;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The endpoint over an identity service of its own; requests are given as text. */
final class KeystoneFixture {
    static final String ROOT_SECRET = "root-secret";

    final TestClock clock = new TestClock();
    final FoldingLedger ledger = new FoldingLedger(clock);
    final IdentityService service;
    private final IdentityEndpoint endpoint;

    KeystoneFixture(Path directory) {
        IdentityService.Settings settings =
                new IdentityService.Settings(
                        directory, ROOT_SECRET, Duration.ofHours(12), Duration.ofDays(7), 1000);
        service =
                IdentityService.open(
                        new IdentityLedger(ledger, ledger.identity()), settings, clock);
        endpoint = new IdentityEndpoint(service, "us-east-1", "");
    }

    /** An answer, its document read. */
    record Answer(HttpResponse response, JsonNode document) {
        int status() {
            return response.status();
        }

        JsonNode at(String pointer) {
            return document.at(pointer);
        }

        String text(String pointer) {
            return document.at(pointer).asText();
        }

        String header(String name) {
            return response.headers().firstOr(name, "");
        }
    }

    Answer send(TestRequest request) throws IOException {
        HttpResponse response = endpoint.handle(request.header("Host", "site:9000").build());
        byte[] body = TestResponses.bytes(response);
        try {
            return new Answer(response, body.length == 0 ? Json.object() : Json.read(body));
        } catch (JsonException e) {
            throw new AssertionError(new String(body, StandardCharsets.UTF_8), e);
        }
    }

    /**
     * @param body with single quotes for double ones; null for none
     */
    Answer send(String method, String path, String token, @Nullable String body)
            throws IOException {
        TestRequest request = TestRequest.of(method, path).header("X-Auth-Token", token);
        if (body != null) {
            request.body(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }
        return send(request);
    }

    Answer get(String path, String token) throws IOException {
        return send("GET", path, token, null);
    }

    /** As {@link #send}, and the answer must have this status. */
    Answer expect(int status, String method, String path, String token, @Nullable String body)
            throws IOException {
        Answer answer = send(method, path, token, body);
        assertEquals(status, answer.status(), () -> method + " " + path + " " + answer.document());
        return answer;
    }

    Answer logIn(String identity, @Nullable String scope) throws IOException {
        String body =
                "{'auth':{'identity':"
                        + identity
                        + (scope == null ? "" : ",'scope':" + scope)
                        + "}}";
        return send(
                TestRequest.of("POST", "/v3/auth/tokens")
                        .body(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    static String password(String user, String password) {
        return ("{'methods':['password'],'password':{'user':"
                        + "{'name':'%s','domain':{'name':'Default'},'password':'%s'}}}")
                .formatted(user, password);
    }

    static String projectNamed(String name) {
        return "{'project':{'name':'%s','domain':{'id':'default'}}}".formatted(name);
    }

    String token(String user, String password, String project) throws IOException {
        Answer answer = logIn(password(user, password), projectNamed(project));
        assertEquals(201, answer.status(), () -> answer.document().toString());
        return answer.header("X-Subject-Token");
    }

    String admin() throws IOException {
        return token("admin", ROOT_SECRET, "admin");
    }

    /** A user with a role on a project of their own; returns the user's id. */
    String member(String name, String project) throws IOException {
        String admin = admin();
        String projectId =
                expect(201, "POST", "/v3/projects", admin, "{'project':{'name':'" + project + "'}}")
                        .text("/project/id");
        String userId =
                expect(
                                201,
                                "POST",
                                "/v3/users",
                                admin,
                                "{'user':{'name':'" + name + "','password':'" + name + "s'}}")
                        .text("/user/id");
        String role = service.view().roleNamed("member").orElseThrow().id();
        String path = "/v3/projects/" + projectId + "/users/" + userId + "/roles/" + role;
        expect(204, "PUT", path, admin, null);
        return userId;
    }
}
