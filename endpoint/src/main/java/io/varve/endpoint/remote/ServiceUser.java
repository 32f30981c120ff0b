package io.varve.endpoint.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.remote.KeystoneClient.Reply;
import io.varve.endpoint.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Asks Keystone as the site's own user there, whose token it gets and renews. Safe for use by many
 * threads.
 */
final class ServiceUser {
    private static final Logger LOG = System.getLogger(ServiceUser.class.getName());

    /** A token that is about to expire might do so on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    /** After a refused login: Keystone may lock who repeats it, and each one costs it a hash. */
    private static final long REFUSED_NANOS = Duration.ofSeconds(5).toNanos();

    private final KeystoneClient client;
    private final KeystoneSettings.ServiceUser user;
    private final Clock clock;
    private final LongSupplier nanos;
    private final ReentrantLock login = new ReentrantLock();
    private volatile @Nullable Held held;
    private volatile long refusedUntilNanos;

    private record Held(String text, Instant expiresAt) {}

    ServiceUser(
            KeystoneClient client,
            KeystoneSettings.ServiceUser user,
            Clock clock,
            LongSupplier nanos) {
        this.client = client;
        this.user = user;
        this.clock = clock;
        this.nanos = nanos;
        this.refusedUntilNanos = nanos.getAsLong();
    }

    /**
     * An answer that is about the question: 401 and 403 are not about this site's own user.
     *
     * @param headers besides its token
     * @throws StoreException when there is none
     */
    Reply ask(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        Held first = token();
        Reply reply = send(first, method, path, headers, body);
        if (reply.status() == 401 && !counts(first)) {
            discard(first);
            Held second = token();
            reply = send(second, method, path, headers, body);
            if (reply.status() == 401 && !counts(second)) {
                throw KeystoneClient.unavailable("it ends the tokens of " + user.name(), null);
            }
        }
        return reply;
    }

    private Reply send(
            Held token,
            String method,
            String path,
            Map<String, String> headers,
            byte @Nullable [] body) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("X-Auth-Token", token.text());
        return client.send(method, path, all, body);
    }

    /**
     * Whether a 401 was meant for somebody else: Keystone does not say whose token or signature.
     */
    private boolean counts(Held token) {
        Map<String, String> subject = Map.of("X-Subject-Token", token.text());
        return send(token, "GET", "/auth/tokens?nocatalog", subject, null).status() == 200;
    }

    private void discard(Held token) {
        login.lock();
        try {
            if (token.equals(held)) {
                held = null;
            }
        } finally {
            login.unlock();
        }
    }

    private Held token() {
        Held token = held;
        if (token != null && isFresh(token)) {
            return token;
        }
        login.lock();
        try {
            token = held;
            if (token == null || !isFresh(token)) {
                token = logIn();
                held = token;
            }
            return token;
        } finally {
            login.unlock();
        }
    }

    private boolean isFresh(Held token) {
        return token.expiresAt().minus(MARGIN).isAfter(clock.instant());
    }

    private Held logIn() {
        if (refusedUntilNanos - nanos.getAsLong() > 0) {
            throw KeystoneClient.unavailable("it refuses the login of " + user.name(), null);
        }
        Reply reply = client.send("POST", "/auth/tokens?nocatalog", Map.of(), document());
        String text = reply.header("X-Subject-Token");
        if (reply.status() != 201 || text.isEmpty()) {
            refusedUntilNanos = nanos.getAsLong() + REFUSED_NANOS;
            LOG.log(
                    Level.WARNING,
                    "Keystone refuses the login of {0}, by which tokens are checked: {1}",
                    user.name(),
                    reply.status());
            throw KeystoneClient.unavailable("it refuses the login of " + user.name(), null);
        }
        return new Held(text, TokenDocuments.expiry(reply.body()));
    }

    private byte[] document() {
        ObjectNode document = Json.object();
        ObjectNode auth = document.putObject("auth");
        ObjectNode identity = auth.putObject("identity");
        identity.putArray("methods").add("password");
        ObjectNode who = identity.putObject("password").putObject("user");
        who.put("name", user.name()).put("password", user.password());
        who.putObject("domain").put("name", user.domain());
        ObjectNode project = auth.putObject("scope").putObject("project");
        project.put("name", user.project()).putObject("domain").put("name", user.projectDomain());
        return Json.write(document);
    }
}
