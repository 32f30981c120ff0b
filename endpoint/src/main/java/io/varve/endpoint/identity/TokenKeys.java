package io.varve.endpoint.identity;

import io.varve.endpoint.tls.PrivateFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The keys that tokens are sealed with: {@value #FILE_NAME} in the data directory, for its owner
 * only. The newest seals; the others open tokens that have not expired. When the newest is old, a
 * new one is made; one that can have sealed nothing that still counts is dropped. Without the file
 * everybody has to log in again, nothing else is lost.
 *
 * <pre>
 * varve-token-keys 1
 * NUMBER INSTANT BASE64           one line for each key, oldest first
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
public final class TokenKeys implements TokenBoxes {
    public static final String FILE_NAME = "token-keys";

    private static final String FORM = "varve-token-keys 1";

    private final Path file;
    private final Duration rotation;
    private final Duration tokenLife;
    private final Clock clock;
    private volatile List<Key> keys;

    private record Key(int number, Instant madeAt, String base64, SealedBox box) {}

    private TokenKeys(
            Path file, Duration rotation, Duration tokenLife, Clock clock, List<Key> keys) {
        this.file = file;
        this.rotation = rotation;
        this.tokenLife = tokenLife;
        this.clock = clock;
        this.keys = keys;
    }

    /**
     * @param rotation how long a key seals
     * @param tokenLife how long a token counts at the most
     * @throws IdentityException when the file cannot be used
     */
    public static TokenKeys open(
            Path directory, Duration rotation, Duration tokenLife, Clock clock) {
        Path file = directory.resolve(FILE_NAME);
        List<Key> keys;
        try {
            keys = read(file);
        } catch (IOException e) {
            throw new IdentityException("the token keys cannot be read: " + file, e);
        }
        TokenKeys opened = new TokenKeys(file, rotation, tokenLife, clock, keys);
        opened.sealer();
        return opened;
    }

    private static List<Key> read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            return List.of();
        }
        if (lines.isEmpty() || !lines.getFirst().equals(FORM)) {
            throw new IdentityException("not token keys, or of a newer form: " + file);
        }
        List<Key> keys = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split(" ", -1);
            try {
                keys.add(key(Integer.parseInt(parts[0]), Instant.parse(parts[1]), parts[2]));
            } catch (IllegalArgumentException
                    | DateTimeException
                    | ArrayIndexOutOfBoundsException e) {
                throw new IdentityException("the token keys are damaged: " + file, e);
            }
        }
        return List.copyOf(keys);
    }

    private static Key key(int number, Instant madeAt, String base64) {
        return new Key(number, madeAt, base64, new SealedBox(Base64.getDecoder().decode(base64)));
    }

    /** The newest key; makes one when it is due. */
    @Override
    public Sealer sealer() {
        List<Key> current = keys;
        Key newest = current.isEmpty() ? null : current.getLast();
        if (newest == null || clock.instant().isAfter(newest.madeAt().plus(rotation))) {
            newest = rotate(newest);
        }
        return new Sealer(newest.number(), newest.box());
    }

    @Override
    public @Nullable SealedBox opener(int number) {
        for (Key key : keys) {
            if (key.number() == number) {
                return key.box();
            }
        }
        return null;
    }

    private synchronized Key rotate(@Nullable Key seen) {
        List<Key> current = keys;
        if (!current.isEmpty() && !current.getLast().equals(seen)) {
            return current.getLast();
        }
        Instant now = clock.instant();
        List<Key> kept = new ArrayList<>();
        for (int i = 0; i < current.size(); i++) {
            Instant sealedUntil = i + 1 < current.size() ? current.get(i + 1).madeAt() : now;
            if (sealedUntil.plus(tokenLife).isAfter(now)) {
                kept.add(current.get(i));
            }
        }
        String base64 = Base64.getEncoder().encodeToString(Ids.bytes(SealedBox.KEY_BYTES));
        Key fresh = key(current.isEmpty() ? 1 : current.getLast().number() + 1, now, base64);
        kept.add(fresh);
        StringBuilder text = new StringBuilder(FORM).append('\n');
        for (Key key : kept) {
            text.append(key.number()).append(' ').append(key.madeAt()).append(' ');
            text.append(key.base64()).append('\n');
        }
        try {
            // Before the first token is sealed with it: a restart must know the key.
            PrivateFile.write(file, text.toString());
        } catch (IOException e) {
            throw new IdentityException("the token keys cannot be kept: " + file, e);
        }
        keys = List.copyOf(kept);
        return fresh;
    }
}
