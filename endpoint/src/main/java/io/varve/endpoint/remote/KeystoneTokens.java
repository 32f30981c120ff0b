package io.varve.endpoint.remote;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.remote.KeystoneClient.Reply;
import io.varve.endpoint.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tokens of the existing Keystone. Safe for use by many threads. */
final class KeystoneTokens implements Tokens {
    /** Keystone's own limit is 255 characters; other makers' are longer. */
    private static final Pattern PLAUSIBLE = Pattern.compile("[!-~]{1,4096}");

    private final ServiceUser service;
    private final RoleMap roles;
    private final Duration keep;
    private final Clock clock;
    private final LearnedNames names;
    private final KeptAnswers<Identity> answers;
    private final Flights<Identity> flights = new Flights<>();

    KeystoneTokens(
            ServiceUser service,
            KeystoneSettings settings,
            Clock clock,
            LearnedNames names,
            KeptAnswers<Identity> answers) {
        this.service = service;
        this.roles = settings.roles();
        this.keep = settings.keep();
        this.clock = clock;
        this.names = names;
        this.answers = answers;
    }

    @Override
    public Optional<Identity> identify(String token) {
        if (!PLAUSIBLE.matcher(token).matches()) {
            return Optional.empty();
        }
        // Not the token itself: what is kept in memory must not be good for a login.
        String question = Hashes.of(token);
        Identity identity = answers.find(question).orElse(null);
        if (identity == null && !answers.isNo(question)) {
            identity = ask(question, token);
        }
        return Optional.ofNullable(identity)
                .filter(known -> known.expiresAt().isAfter(clock.instant()));
    }

    private @Nullable Identity ask(String question, String token) {
        try {
            return flights.ask(question, () -> find(question, token)).answer().orElse(null);
        } catch (StoreException e) {
            return answers.lastResort(question, e);
        }
    }

    private Optional<Identity> find(String question, String token) {
        Optional<Identity> found = answers.find(question);
        if (found.isPresent() || answers.isNo(question)) {
            return found;
        }
        Map<String, String> subject = Map.of("X-Subject-Token", token);
        Reply reply = service.ask("GET", "/auth/tokens?nocatalog", subject, null);
        return switch (reply.status()) {
            case 200 -> {
                Identity identity = TokenDocuments.identity(reply.body(), roles);
                names.learn(identity);
                answers.keep(question, identity, time(identity.expiresAt()));
                yield Optional.of(identity);
            }
            case 404 -> {
                answers.keepNo(question);
                yield Optional.empty();
            }
            default ->
                    throw KeystoneClient.unavailable(
                            "it does not tell this site's user about tokens: " + reply.status(),
                            null);
        };
    }

    private Duration time(Instant expiresAt) {
        Duration left = Duration.between(clock.instant(), expiresAt);
        return left.compareTo(keep) < 0 ? left : keep;
    }
}
