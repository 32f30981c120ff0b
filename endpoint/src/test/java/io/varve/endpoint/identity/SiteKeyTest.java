package io.varve.endpoint.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.journal.record.KeptSecret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

final class SiteKeyTest {
    @TempDir Path directory;

    @Test
    void opensWhatItSealedAlsoAfterARestart() throws IOException {
        KeptSecret kept = SiteKey.open(directory, true).seal("hush", "key1");
        assertFalse(kept.text().contains("hush"));
        assertEquals("hush", SiteKey.open(directory, false).open(kept, "key1"));
        Path file = directory.resolve(SiteKey.FILE_NAME);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() {
        SiteKey key = SiteKey.open(directory, true);
        assertNotEquals(key.seal("hush", "key1"), key.seal("hush", "key1"));
    }

    @Test
    void opensForNoOtherOwnerAndNothingThatWasChanged() {
        SiteKey key = SiteKey.open(directory, true);
        KeptSecret kept = key.seal("hush", "key1");
        assertThrows(IdentityException.class, () -> key.open(kept, "key2"));
        int last = kept.text().length() - 5;
        char other = kept.text().charAt(last) == 'A' ? 'B' : 'A';
        KeptSecret changed =
                new KeptSecret(
                        kept.text().substring(0, last) + other + kept.text().substring(last + 1));
        assertThrows(IdentityException.class, () -> key.open(changed, "key1"));
    }

    @Test
    void refusesAnotherKeyByName(@TempDir Path elsewhere) {
        KeptSecret kept = SiteKey.open(directory, true).seal("hush", "key1");
        SiteKey other = SiteKey.open(elsewhere, true);
        IdentityException told =
                assertThrows(IdentityException.class, () -> other.open(kept, "key1"));
        assertEquals(true, String.valueOf(told.getMessage()).contains("was sealed with site key"));
    }

    @Test
    void makesNoNewKeyWhereSecretsAreSealed() throws IOException {
        assertThrows(IdentityException.class, () -> SiteKey.open(directory, false));
        assertFalse(Files.exists(directory.resolve(SiteKey.FILE_NAME)));
        Files.writeString(directory.resolve(SiteKey.FILE_NAME), "varve-site-key 1\nAAAA\n");
        assertThrows(IdentityException.class, () -> SiteKey.open(directory, true));
    }
}
