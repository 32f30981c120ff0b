package io.varve.endpoint.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference page in the repository is the one that the code would write. */
final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/operations/configuration.md");

    @Test
    void pageSaysWhatTheCodeDoes() throws IOException {
        if (Boolean.getBoolean("varve.rewrite.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, ConfigurationPage.render());
        }
        assertEquals(
                ConfigurationPage.render(),
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                "make it anew as its first lines say");
    }
}
