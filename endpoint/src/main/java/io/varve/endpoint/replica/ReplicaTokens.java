package io.varve.endpoint.replica;

import io.varve.endpoint.tls.PrivateFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The secrets by which other sites prove that they may have everything of this one. Kept as their
 * SHA-256 in {@value #FILE_NAME} of the data directory; a secret is shown once. Safe for use by
 * many threads.
 */
public final class ReplicaTokens {
    static final String FILE_NAME = "replica-tokens";

    private static final String PREFIX = "vr1.";
    private static final int SECRET_BYTES = 32;

    private final Path file;
    private volatile List<byte[]> hashes;

    /**
     * @throws UncheckedIOException when the file cannot be read
     */
    public ReplicaTokens(Path directory) {
        this.file = directory.resolve(FILE_NAME);
        try {
            List<byte[]> read = new ArrayList<>();
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    read.add(HexFormat.of().parseHex(line));
                }
            }
            hashes = List.copyOf(read);
        } catch (IOException e) {
            throw new UncheckedIOException("the tokens of other sites cannot be read: " + file, e);
        }
    }

    /** Makes one. On return it counts, after a restart too. */
    public synchronized String issue() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        accept(token);
        return token;
    }

    private void accept(String token) {
        List<byte[]> next = new ArrayList<>(hashes);
        next.add(sha256(token));
        StringBuilder text = new StringBuilder();
        next.forEach(hash -> text.append(HexFormat.of().formatHex(hash)).append('\n'));
        try {
            PrivateFile.write(file, text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("the token cannot be kept: " + file, e);
        }
        hashes = List.copyOf(next);
    }

    /** Whether it was issued here. */
    boolean knows(String token) {
        byte[] hash = sha256(token);
        boolean known = false;
        for (byte[] each : hashes) {
            // All of them, so that the time says nothing.
            known |= MessageDigest.isEqual(each, hash);
        }
        return known;
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
