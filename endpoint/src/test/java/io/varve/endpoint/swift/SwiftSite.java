package io.varve.endpoint.swift;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Identity.Named;
import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.site.MemorySite;
import io.varve.endpoint.store.ObjectStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A front end over a store whose journal and blobs are in memory, and its clients. A token is the
 * name of its user. Owned by one test.
 */
final class SwiftSite implements AutoCloseable {
    /** Owns account {@code AUTH_test}. */
    static final String OWNER = "tester";

    /** Reads account {@code AUTH_test}. */
    static final String READER = "looker";

    /** Is of project {@code test} without any role. */
    static final String NOBODY = "tester3";

    /** Owns account {@code AUTH_test2}. */
    static final String STRANGER = "tester2";

    static final String RESELLER = "tester6";

    private static final Map<String, Identity> USERS =
            Map.of(
                    OWNER, identity(OWNER, "test", "member"),
                    READER, identity(READER, "test", "reader"),
                    NOBODY, identity(NOBODY, "test", "nothing"),
                    STRANGER, identity(STRANGER, "test2", "member"),
                    RESELLER, identity(RESELLER, "test6", "ResellerAdmin"));

    private final MemorySite site;
    private final SwiftEndpoint endpoint;
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");

    SwiftSite(Path directory) {
        this(new MemorySite(directory), SwiftConfig.DEFAULT);
    }

    SwiftSite(MemorySite site, SwiftConfig config) {
        this.site = site;
        endpoint =
                new SwiftEndpoint(
                        site.store(), token -> Optional.ofNullable(USERS.get(token)), config);
    }

    private static Identity identity(String user, String project, String role) {
        return new Identity(
                new Named(user, user, "default"),
                new Named(project, project, "default"),
                Set.of(role),
                Instant.MAX);
    }

    ObjectStore store() {
        return site.store();
    }

    void now(Instant instant) {
        now = instant;
    }

    Request request(String method, String target) {
        return new Request(method, target);
    }

    Answer get(String target) {
        return request("GET", target).send();
    }

    Answer head(String target) {
        return request("HEAD", target).send();
    }

    Answer put(String target) {
        return request("PUT", target).body("").send();
    }

    Answer put(String target, String body) {
        return request("PUT", target).body(body).send();
    }

    Answer post(String target) {
        return request("POST", target).body("").send();
    }

    Answer delete(String target) {
        return request("DELETE", target).send();
    }

    /** One request of the account's owner, until somebody else is named. */
    final class Request {
        private final TestRequest http;
        private String token = OWNER;

        private Request(String method, String target) {
            http = TestRequest.of(method, target).header("Host", "localhost:9000");
        }

        Request header(String name, String value) {
            http.header(name, value);
            return this;
        }

        Request body(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        Request body(byte[] bytes) {
            http.body(bytes);
            return this;
        }

        TestRequest http() {
            return http;
        }

        Request as(String user) {
            token = user;
            return this;
        }

        Request anonymous() {
            return as("");
        }

        Answer send() {
            if (!token.isEmpty()) {
                http.header("X-Auth-Token", token);
            }
            try {
                return Answer.of(endpoint.handle(http.receivedAt(now).build()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        site.close();
    }
}
