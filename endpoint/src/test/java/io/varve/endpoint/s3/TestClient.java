package io.varve.endpoint.s3;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.store.ObjectStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Sends signed requests to an {@link S3Endpoint} without a socket. Owned by one test. */
public final class TestClient {
    static final Credential ROOT = new Credential("ROOTKEY", "root-secret", "account-1", "root");
    static final Credential OTHER =
            new Credential("OTHERKEY", "other-secret", "account-2", "other");
    static final Credential READER =
            new Credential("READKEY", "s", "account-1", "reader", Set.of("reader"));
    static final Credential ADMIN =
            new Credential("ADMINKEY", "s", "account-9", "admin", Set.of("admin"));

    /** Of project photos and user bob. */
    static final Credential NAMED =
            new Credential(
                    "NAMEDKEY",
                    "s",
                    "account-3",
                    "user-3",
                    new Credential.Names("photos", "bob"),
                    Set.of("member"));

    static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    static final S3Config CONFIG = new S3Config("fra", List.of("s3.example.com"), true, "host-1");

    private final S3Endpoint endpoint;
    private final Credential first;
    private Instant now = NOW;

    public TestClient(ObjectStore store) {
        this(store, CONFIG);
    }

    /**
     * @param credentials the first is the sender of every request, until another is named
     */
    public static TestClient of(ObjectStore store, List<Credential> credentials) {
        return new TestClient(store, CONFIG, credentials);
    }

    TestClient(ObjectStore store, S3Config config) {
        this(store, config, List.of(ROOT, OTHER, READER, ADMIN, NAMED));
    }

    private TestClient(ObjectStore store, S3Config config, List<Credential> credentials) {
        first = credentials.getFirst();
        endpoint =
                new S3Endpoint(
                        store,
                        accessKey ->
                                credentials.stream()
                                        .filter(c -> c.accessKey().equals(accessKey))
                                        .findFirst(),
                        account ->
                                account.equals("account-3")
                                        ? Optional.of("photos")
                                        : Optional.empty(),
                        config);
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

    public Answer put(String target, String body) {
        return request("PUT", target).body(body).send();
    }

    public Answer delete(String target) {
        return request("DELETE", target).send();
    }

    public Answer post(String target, String body) {
        return request("POST", target).body(body).send();
    }

    /** Without a signature, exactly as it is. */
    public Answer raw(TestRequest request) {
        try {
            return Answer.of(endpoint.handle(request.receivedAt(now).build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request, signed when it is sent. */
    public final class Request {
        private final String method;
        private final String target;
        private final List<String> headers = new ArrayList<>();
        private byte[] body = new byte[0];
        private boolean hasBody;
        private Credential credential = first;
        private String host = "localhost:9000";
        private String payloadHash = "";

        private Request(String method, String target) {
            this.method = method;
            this.target = target;
        }

        public Request header(String name, String value) {
            headers.add(name);
            headers.add(value);
            return this;
        }

        public Request body(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        public Request body(byte[] bytes) {
            body = bytes;
            hasBody = true;
            return this;
        }

        public Request as(Credential other) {
            credential = other;
            return this;
        }

        /** Without a signature. */
        public Answer sendUnsigned() {
            TestRequest request = TestRequest.of(method, target).header("Host", host);
            for (int i = 0; i < headers.size(); i += 2) {
                request.header(headers.get(i), headers.get(i + 1));
            }
            if (hasBody) {
                request.body(body);
            }
            return raw(request);
        }

        public Request host(String name) {
            host = name;
            return this;
        }

        public Request payloadHash(String hash) {
            payloadHash = hash;
            return this;
        }

        public Answer send() {
            TestRequest request = TestRequest.of(method, target).header("Host", host);
            TreeMap<String, String> signed = new TreeMap<>();
            String hash = payloadHash.isEmpty() ? TestSigner.sha256(body) : payloadHash;
            signed.put("host", host);
            signed.put("x-amz-date", TestSigner.basic(now));
            signed.put("x-amz-content-sha256", hash);
            for (int i = 0; i < headers.size(); i += 2) {
                request.header(headers.get(i), headers.get(i + 1));
                if (headers.get(i).startsWith("x-amz-")) {
                    signed.merge(headers.get(i), headers.get(i + 1), (a, b) -> a + "," + b);
                }
            }
            request.header("x-amz-date", TestSigner.basic(now));
            request.header("x-amz-content-sha256", hash);
            if (hasBody) {
                request.body(body);
            }
            request.header(
                    "Authorization",
                    new TestSigner(credential, "eu-test-1")
                            .authorization(method, target, signed, hash, now));
            return raw(request);
        }
    }
}
