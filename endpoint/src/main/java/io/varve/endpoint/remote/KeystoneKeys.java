package io.varve.endpoint.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.remote.KeystoneClient.Reply;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.Credentials;
import io.varve.endpoint.s3.Proof;
import io.varve.endpoint.s3.Vouching;
import io.varve.endpoint.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Access keys of the existing Keystone. The first signature that is seen of one is put to Keystone,
 * which says whose it is; then the secret is asked for, and as long as it is kept signatures are
 * checked here. Safe for use by many threads.
 *
 * <p>A signature is refused only when Keystone has refused it, or has given within {@link
 * KeptAnswers#NO} the secret that it was not made with. When Keystone cannot be asked, keys whose
 * secret is kept go on, and nobody is told that theirs is wrong.
 */
final class KeystoneKeys implements Credentials {
    private static final Logger LOG = System.getLogger(KeystoneKeys.class.getName());
    private static final Pattern PLAUSIBLE = Pattern.compile("[!-~]{1,256}");

    /** After Keystone has refused to give secrets: it would for the next one, too. */
    private static final long SECRETIVE_NANOS = Duration.ofSeconds(60).toNanos();

    private final ServiceUser service;
    private final RoleMap roles;
    private final Duration keep;
    private final Clock clock;
    private final LongSupplier nanos;
    private final LearnedNames names;
    private final KeptAnswers<Known> keys;
    private final KeptAnswers<Known> refused;
    private final Flights<Known> flights = new Flights<>();
    private volatile long secretiveUntilNanos;

    private record Known(Credential credential, long askedAtNanos) {}

    KeystoneKeys(
            ServiceUser service,
            KeystoneSettings settings,
            Clock clock,
            LongSupplier nanos,
            LearnedNames names) {
        this.service = service;
        this.roles = settings.roles();
        this.keep = settings.keep();
        this.clock = clock;
        this.nanos = nanos;
        this.names = names;
        this.keys = new KeptAnswers<>(settings.answersMax(), settings.outage(), nanos);
        this.refused = new KeptAnswers<>(settings.answersMax(), Duration.ZERO, nanos);
        this.secretiveUntilNanos = nanos.getAsLong();
    }

    @Override
    public Optional<Credential> find(String accessKey) {
        return keys.find(accessKey).map(Known::credential);
    }

    @Override
    public Vouching vouch(Proof proof) {
        String accessKey = proof.accessKey();
        if (!PLAUSIBLE.matcher(accessKey).matches()) {
            return new Vouching.UnknownKey();
        }
        try {
            Vouching known = fromMemory(proof);
            return known == null ? ask(proof) : known;
        } catch (StoreException e) {
            Known last = keys.ofOutage(accessKey);
            if (last != null && proof.madeWith(last.credential().secretKey())) {
                return new Vouching.Vouched(last.credential());
            }
            throw e;
        }
    }

    private @Nullable Vouching fromMemory(Proof proof) {
        Known known = keys.find(proof.accessKey()).orElse(null);
        if (known != null) {
            if (proof.madeWith(known.credential().secretKey())) {
                return new Vouching.Vouched(known.credential());
            }
            if (nanos.getAsLong() - known.askedAtNanos() < KeptAnswers.NO.toNanos()) {
                return new Vouching.WrongSignature();
            }
        } else if (refused.isNo(proof.accessKey())) {
            return new Vouching.UnknownKey();
        }
        return refused.isNo(question(proof)) ? new Vouching.WrongSignature() : null;
    }

    private static String question(Proof proof) {
        return Hashes.of(
                proof.accessKey(), proof.signature(), String.join("\n\n", proof.stringsToSign()));
    }

    /** Many requests of one key may come at once; the first one's answer may do for all. */
    private Vouching ask(Proof proof) {
        Flights.Landed<Known> landed =
                flights.ask(proof.accessKey(), () -> Optional.ofNullable(find(proof)));
        if (!landed.own()) {
            Vouching known = fromMemory(proof);
            if (known != null) {
                return known;
            }
            landed = new Flights.Landed<>(Optional.ofNullable(find(proof)), true);
        }
        Known known = landed.answer().orElse(null);
        if (known != null) {
            return new Vouching.Vouched(known.credential());
        }
        return refused.isNo(proof.accessKey())
                ? new Vouching.UnknownKey()
                : new Vouching.WrongSignature();
    }

    /** Null when it is refused. */
    private @Nullable Known find(Proof proof) {
        Known known = keys.find(proof.accessKey()).orElse(null);
        return known != null && isStillSo(known) ? null : put(proof);
    }

    /**
     * Whether the secret that a signature was not made with is the right one still. Asked in place
     * of the signature, since it answers for all other wrong ones of the next moment, too: who
     * floods this site with them must not flood Keystone.
     */
    private boolean isStillSo(Known known) {
        Credential credential = known.credential();
        String secret = secret(credential.principal(), credential.accessKey());
        if (!credential.secretKey().equals(secret)) {
            return false;
        }
        keys.replace(credential.accessKey(), new Known(credential, nanos.getAsLong()));
        return true;
    }

    /** Null when it is refused. */
    private @Nullable Known put(Proof proof) {
        String accessKey = proof.accessKey();
        for (String stringToSign : proof.stringsToSign()) {
            Reply reply = service.ask("POST", "/s3tokens", Map.of(), document(proof, stringToSign));
            switch (reply.status()) {
                case 200 -> {
                    return known(proof, TokenDocuments.identity(reply.body(), roles));
                }
                case 404 -> {
                    refused.keepNo(accessKey);
                    keys.forget(accessKey);
                    return null;
                }
                case 401 -> {
                    // The next one may be what the sender has signed.
                }
                default ->
                        throw KeystoneClient.unavailable(
                                "it checks no signatures for this site's user: " + reply.status(),
                                null);
            }
        }
        refused.keepNo(question(proof));
        Known last = keys.ofOutage(accessKey);
        if (last != null && proof.madeWith(last.credential().secretKey())) {
            // Whoever could use the key may not any more, not even when Keystone is gone.
            keys.forget(accessKey);
        }
        return null;
    }

    private static byte[] document(Proof proof, String stringToSign) {
        ObjectNode document = Json.object();
        document.putObject("credentials")
                .put("access", proof.accessKey())
                .put("signature", proof.signature())
                .put(
                        "token",
                        Base64.getUrlEncoder()
                                .encodeToString(stringToSign.getBytes(StandardCharsets.UTF_8)));
        return Json.write(document);
    }

    private @Nullable Known known(Proof proof, Identity identity) {
        Identity.Named project = identity.project();
        if (project == null) {
            return null;
        }
        names.learn(identity);
        String secret = secret(identity.user().id(), proof.accessKey());
        if (secret != null && !proof.madeWith(secret)) {
            // It was changed in between, or is another user's of the same access key.
            secret = null;
        }
        Credential credential =
                new Credential(
                        proof.accessKey(),
                        secret == null ? "" : secret,
                        project.id(),
                        identity.user().id(),
                        identity.namesCount()
                                ? new Credential.Names(project.name(), identity.user().name())
                                : null,
                        identity.roles());
        Known known = new Known(credential, nanos.getAsLong());
        if (secret != null) {
            Duration left = Duration.between(clock.instant(), identity.expiresAt());
            keys.keep(proof.accessKey(), known, left.compareTo(keep) < 0 ? left : keep);
        }
        return known;
    }

    /** Null when Keystone does not tell. */
    private @Nullable String secret(String userId, String accessKey) {
        if (secretiveUntilNanos - nanos.getAsLong() > 0) {
            return null;
        }
        String path = "/users/" + segment(userId) + "/credentials/OS-EC2/" + segment(accessKey);
        Reply reply = service.ask("GET", path, Map.of(), null);
        if (reply.status() != 200) {
            if (reply.status() == 403) {
                secretiveUntilNanos = nanos.getAsLong() + SECRETIVE_NANOS;
                LOG.log(
                        Level.WARNING,
                        "Keystone gives this site's user no secrets of access keys: each request of"
                                + " S3 is put to it");
            }
            return null;
        }
        try {
            JsonNode credential = Json.read(reply.body()).path("credential");
            boolean same = credential.path("access").asText("").equals(accessKey);
            String secret = credential.path("secret").asText("");
            return same && !secret.isEmpty() ? secret : null;
        } catch (JsonException e) {
            throw KeystoneClient.unavailable("its answer is not JSON", e);
        }
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
