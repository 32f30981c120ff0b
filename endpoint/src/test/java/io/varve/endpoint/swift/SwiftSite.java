package io.varve.endpoint.swift;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Identity.Named;
import io.varve.endpoint.server.Answer;
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
public final class SwiftSite implements AutoCloseable {
    /** Owns account {@code AUTH_test}. */
    public static final String OWNER = "tester";

    /** Reads account {@code AUTH_test}. */
    public static final String READER = "looker";

    /** Is of project {@code test} without any role. */
    public static final String NOBODY = "tester3";

    /** Owns account {@code AUTH_test2}. */
    public static final String STRANGER = "tester2";

    public static final String RESELLER = "tester6";

    static final long CREATED_MICROS = 1_700_000_000_123_450L;

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

    public SwiftSite(Path directory) {
        this(new MemorySite(directory), SwiftConfig.DEFAULT);
    }

    public SwiftSite(Path directory, SwiftConfig config) {
        this(new MemorySite(directory), config);
    }

    SwiftSite(MemorySite site, SwiftConfig config) {
        this.site = site;
        endpoint =
                new SwiftEndpoint(
                        site.store(),
                        token -> Optional.ofNullable(USERS.get(token)),
                        config,
                        project -> project.equals("test") ? CREATED_MICROS : 0);
    }

    private static Identity identity(String user, String project, String role) {
        return new Identity(
                new Named(user, user, "default"),
                new Named(project, project, "default"),
                Set.of(role),
                Instant.MAX);
    }

    public ObjectStore store() {
        return site.store();
    }

    /** Forgets whatever no snapshot holds. */
    public void closeWindow() {
        site.closeWindow();
    }

    public int blobCount() {
        return site.blobCount();
    }

    public void now(Instant instant) {
        now = instant;
    }

    public Request request(String method, String target) {
        return new Request(method, target);
    }

    public Answer get(String target) {
        return request("GET", target).send();
    }

    public Answer head(String target) {
        return request("HEAD", target).send();
    }

    public Answer put(String target) {
        return request("PUT", target).body("").send();
    }

    public Answer put(String target, String body) {
        return request("PUT", target).body(body).send();
    }

    public Answer post(String target) {
        return request("POST", target).body("").send();
    }

    public Answer delete(String target) {
        return request("DELETE", target).send();
    }

    /** One request of the account's owner, until somebody else is named. */
    public final class Request {
        private final TestRequest http;
        private String token = OWNER;

        private Request(String method, String target) {
            http = TestRequest.of(method, target).header("Host", "localhost:9000");
        }

        public Request header(String name, String value) {
            http.header(name, value);
            return this;
        }

        public Request body(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        public Request body(byte[] bytes) {
            http.body(bytes);
            return this;
        }

        TestRequest http() {
            return http;
        }

        public Request as(String user) {
            token = user;
            return this;
        }

        public Request anonymous() {
            return as("");
        }

        public Answer send() {
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
