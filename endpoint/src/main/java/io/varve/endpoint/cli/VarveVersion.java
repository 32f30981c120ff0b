package io.varve.endpoint.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version this program was built as. */
public final class VarveVersion {
    private VarveVersion() {}

    public static String current() {
        Properties properties = new Properties();
        try (InputStream in = VarveVersion.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version resource", e);
        }
        return properties.getProperty("version", "unknown");
    }
}
