package io.varve.endpoint.replica;

import io.varve.dr.replica.ReplicaException;
import io.varve.endpoint.tls.PrivateFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How things are sent to the other site: what the configuration says, until somebody says something
 * else while the site runs, which is kept in {@value #FILE_NAME} of the data directory:
 *
 * <pre>
 * varve-replica-limits 1
 * rate BYTES
 * compress true|false
 * </pre>
 *
 * @param bytesPerSecond 0 for any
 * @param compress whether what gets smaller by that is compressed on the way
 */
public record ShippingLimits(long bytesPerSecond, boolean compress) {
    static final String FILE_NAME = "replica-limits";

    private static final String FORM = "varve-replica-limits 1";

    ShippingLimits kept(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return this;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() != 3
                    || !lines.getFirst().equals(FORM)
                    || !lines.get(1).startsWith("rate ")
                    || !lines.get(2).startsWith("compress ")) {
                throw new ReplicaException("cannot be used: " + file);
            }
            return new ShippingLimits(
                    Long.parseLong(lines.get(1).substring("rate ".length())),
                    Boolean.parseBoolean(lines.get(2).substring("compress ".length())));
        } catch (IOException | NumberFormatException e) {
            throw new ReplicaException("cannot be read: " + file, e);
        }
    }

    /** On return they count after a restart too. */
    void keep(Path directory) {
        try {
            PrivateFile.write(
                    directory.resolve(FILE_NAME),
                    "%s%nrate %d%ncompress %s%n".formatted(FORM, bytesPerSecond, compress));
        } catch (IOException e) {
            throw new ReplicaException("the limits cannot be kept: " + e, e);
        }
    }
}
