package io.varve.endpoint.serve;

import io.varve.endpoint.config.VarveConfig.RootSettings;
import io.varve.endpoint.tls.PrivateFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The credential that may do everything: from the environment, else from the configuration, else
 * the one made at the first start and kept in the data directory, for its owner only.
 *
 * @param generatedNow whether it was made by this start, so that nobody can know the secret yet
 * @param keptIn where it is kept; null when it came from elsewhere
 */
public record RootCredential(
        String accessKey, String secretKey, boolean generatedNow, @Nullable Path keptIn) {
    static final String ACCESS_KEY_VARIABLE = "VARVE_ROOT_ACCESS_KEY";
    static final String SECRET_KEY_VARIABLE = "VARVE_ROOT_SECRET_KEY";
    static final String FILE_NAME = "root-credential";

    private static final String ACCESS_KEY_LINE = "accessKey = ";
    private static final String SECRET_KEY_LINE = "secretKey = ";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String ALL =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ACCESS_KEY_CHARS = 20;
    private static final int SECRET_KEY_CHARS = 40;
    private static final int SECRET_MIN_CHARS = 8;
    private static final int MAX_CHARS = 128;

    /**
     * @throws ServeException when what is given cannot be used
     */
    static RootCredential resolve(
            Map<String, String> environment, RootSettings configured, Path dataDirectory) {
        String accessKey = environment.getOrDefault(ACCESS_KEY_VARIABLE, "");
        String secretKey = environment.getOrDefault(SECRET_KEY_VARIABLE, "");
        if (!accessKey.isEmpty() || !secretKey.isEmpty()) {
            String source = ACCESS_KEY_VARIABLE + " and " + SECRET_KEY_VARIABLE;
            return given(accessKey, secretKey, source);
        }
        if (configured.accessKey() != null || configured.secretKey() != null) {
            return given(
                    Objects.requireNonNullElse(configured.accessKey(), ""),
                    Objects.requireNonNullElse(configured.secretKey(), ""),
                    "root.accessKey and root.secretKey");
        }
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            return Files.exists(file) ? kept(file) : generate(file);
        } catch (IOException e) {
            throw new ServeException("cannot keep the root credential in " + file, e);
        }
    }

    /**
     * The secret as {@link #resolve} would find it; empty when it would make one.
     *
     * @throws ServeException when it cannot be read
     */
    public static Optional<String> presentSecret(
            Map<String, String> environment, RootSettings configured, Path dataDirectory) {
        String given = environment.getOrDefault(SECRET_KEY_VARIABLE, "");
        if (!given.isEmpty()) {
            return Optional.of(given);
        }
        String secret = configured.secretKey();
        if (secret != null) {
            return Optional.of(secret);
        }
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            return Files.exists(file) ? Optional.of(kept(file).secretKey()) : Optional.empty();
        } catch (IOException e) {
            throw new ServeException("the root credential cannot be read: " + file, e);
        }
    }

    private static RootCredential given(String accessKey, String secretKey, String source) {
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw new ServeException(source + " go together");
        }
        boolean clean = accessKey.matches("[!-~&&[^/,=:]]+") && secretKey.matches("[!-~]+");
        if (!clean
                || accessKey.length() > MAX_CHARS
                || secretKey.length() > MAX_CHARS
                || secretKey.length() < SECRET_MIN_CHARS) {
            throw new ServeException(
                    source
                            + " must be visible ASCII (no / , = : in the access key) of at most "
                            + MAX_CHARS
                            + " characters, the secret of at least "
                            + SECRET_MIN_CHARS);
        }
        return new RootCredential(accessKey, secretKey, false, null);
    }

    private static RootCredential kept(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 2
                || !lines.get(0).startsWith(ACCESS_KEY_LINE)
                || !lines.get(1).startsWith(SECRET_KEY_LINE)) {
            throw new ServeException("not a root credential: " + file);
        }
        return new RootCredential(
                lines.get(0).substring(ACCESS_KEY_LINE.length()),
                lines.get(1).substring(SECRET_KEY_LINE.length()),
                false,
                file);
    }

    /** As another site keeps it. */
    String asFile() {
        return ACCESS_KEY_LINE + accessKey + "\n" + SECRET_KEY_LINE + secretKey + "\n";
    }

    private static RootCredential generate(Path file) throws IOException {
        SecureRandom random = new SecureRandom();
        String accessKey = random(random, UPPER, ACCESS_KEY_CHARS);
        String secretKey = random(random, ALL, SECRET_KEY_CHARS);
        RootCredential made = new RootCredential(accessKey, secretKey, true, file);
        PrivateFile.write(file, made.asFile());
        return made;
    }

    private static String random(SecureRandom random, String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Without the secret, so that it does not get into a log. */
    @Override
    public String toString() {
        return "RootCredential[accessKey=" + accessKey + "]";
    }
}
