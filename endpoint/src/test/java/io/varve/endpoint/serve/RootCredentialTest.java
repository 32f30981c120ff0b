package io.varve.endpoint.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.config.VarveConfig.RootSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

final class RootCredentialTest {
    private static final RootSettings UNSET = new RootSettings(null, null);
    private static final RootSettings SET = new RootSettings("configured", "configured-secret");
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    RootCredential.ACCESS_KEY_VARIABLE,
                    "from-environment",
                    RootCredential.SECRET_KEY_VARIABLE,
                    "environment-secret");

    @TempDir private Path directory;

    @Test
    void isMadeOnceAndKeptForItsOwner() throws IOException {
        RootCredential first = RootCredential.resolve(Map.of(), UNSET, directory);
        assertTrue(first.generatedNow());
        assertEquals(20, first.accessKey().length());
        assertEquals(40, first.secretKey().length());
        RootCredential second = RootCredential.resolve(Map.of(), UNSET, directory);
        assertFalse(second.generatedNow());
        assertEquals(first.accessKey(), second.accessKey());
        assertEquals(first.secretKey(), second.secretKey());
        Path file = directory.resolve(RootCredential.FILE_NAME);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertFalse(first.toString().contains(first.secretKey()));
    }

    @Test
    void environmentWinsOverConfigurationAndThatOverTheKeptOne() {
        RootCredential.resolve(Map.of(), UNSET, directory);
        assertEquals("configured", RootCredential.resolve(Map.of(), SET, directory).accessKey());
        RootCredential environment = RootCredential.resolve(ENVIRONMENT, SET, directory);
        assertEquals("from-environment", environment.accessKey());
        assertEquals("environment-secret", environment.secretKey());
        assertNull(environment.keptIn());
    }

    @Test
    void refusesHalfAndUnusableOnes() throws IOException {
        assertMessage("go together", Map.of(RootCredential.ACCESS_KEY_VARIABLE, "a"), UNSET);
        assertMessage("go together", Map.of(), new RootSettings(null, "configured-secret"));
        assertMessage("at least 8", Map.of(), new RootSettings("key", "short"));
        assertMessage("no / , = :", Map.of(), new RootSettings("a/b", "configured-secret"));
        Files.writeString(directory.resolve(RootCredential.FILE_NAME), "garbage");
        assertMessage("not a root credential", Map.of(), UNSET);
    }

    private void assertMessage(String part, Map<String, String> environment, RootSettings given) {
        ServeException e =
                assertThrows(
                        ServeException.class,
                        () -> RootCredential.resolve(environment, given, directory));
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
}
