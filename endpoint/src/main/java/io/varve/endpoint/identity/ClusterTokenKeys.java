package io.varve.endpoint.identity;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;

/**
 * The keys that the endpoints of a cluster seal tokens with: one for each period, made of the
 * cluster's secret and the period's number, so that all have the same without a word. Safe for use
 * by many threads.
 *
 * <p>Endpoints whose clocks differ by less than a period open each other's tokens.
 */
final class ClusterTokenKeys implements TokenBoxes {
    private final ClusterSecret secret;
    private final long periodSeconds;
    private final long lifePeriods;
    private final Clock clock;

    /**
     * @param rotation how long a key seals
     * @param tokenLife how long a token counts at the most
     */
    ClusterTokenKeys(ClusterSecret secret, Duration rotation, Duration tokenLife, Clock clock) {
        this.secret = secret;
        this.periodSeconds = Math.max(1, rotation.toSeconds());
        this.lifePeriods = tokenLife.toSeconds() / periodSeconds + 1;
        this.clock = clock;
    }

    private long period() {
        return Math.floorDiv(clock.instant().getEpochSecond(), periodSeconds);
    }

    @Override
    public Sealer sealer() {
        int number = (int) period();
        return new Sealer(number, box(number));
    }

    @Override
    public @Nullable SealedBox opener(int number) {
        long now = period();
        return number < now - lifePeriods || number > now + 1 ? null : box(number);
    }

    private SealedBox box(int number) {
        return new SealedBox(secret.key("token key " + number));
    }
}
