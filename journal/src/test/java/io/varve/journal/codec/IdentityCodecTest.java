package io.varve.journal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.record.Draft;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.KeptSecret;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.RoleScope;
import io.varve.journal.text.RecordJson;
import io.varve.journal.text.RecordText;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;

final class IdentityCodecTest {
    private static final RequestId ID = new RequestId(1, 2);

    @Test
    void givesBackEveryTypeOfChange() {
        long seed = System.nanoTime();
        ChangeGenerator changes = new ChangeGenerator(seed);
        for (int round = 0; round < 200; round++) {
            for (int type = 0; type < ChangeGenerator.TYPES; type++) {
                Draft draft = changes.draft(changes.change(type));
                ByteBuffer payload = ByteBuffer.wrap(RecordCodec.encode(draft));
                assertEquals(draft, RecordCodec.decode(payload), () -> "seed=" + seed);
            }
        }
    }

    @Test
    void refusesWhatIsIncompleteOrTooLong() {
        for (IdentityChange change :
                List.of(
                        new IdentityChange.PutDomain("", "n", "", true, 0),
                        new IdentityChange.PutDomain("d", "", "", true, 0),
                        new IdentityChange.PutDomain("d", "n".repeat(256), "", true, 0),
                        new IdentityChange.PutDomain("d", "a\0b", "", true, 0),
                        new IdentityChange.PutProject("a\0b", "d", "n", "", true, 0),
                        new IdentityChange.PutRole("r", "n", "x".repeat(4097), 0),
                        new IdentityChange.GrantRole("u", RoleScope.project(""), "r"),
                        new IdentityChange.AddEc2Credential("a", "u", "p", KeptSecret.NONE))) {
            Draft draft = new Draft(ID, "", change);
            assertThrows(IllegalArgumentException.class, () -> RecordCodec.encode(draft));
        }
    }

    @Test
    void showsNothingOfSecretsInText() {
        KeptSecret secret = new KeptSecret("pbkdf2$HUSH");
        for (IdentityChange change :
                List.of(
                        new IdentityChange.PutUser("u", "d", "n", "", "", true, "", secret, 0),
                        new IdentityChange.AddApplicationCredential(
                                "a", "u", "p", "n", "", secret, List.of("r"), 0, false),
                        new IdentityChange.AddEc2Credential("a", "u", "p", secret))) {
            JournalRecord record = new JournalRecord(0, 1, 2, 3, ID, "admin", change);
            assertFalse(RecordText.of(record).contains("HUSH"));
            assertFalse(RecordJson.of(record).contains("HUSH"));
            assertFalse(record.toString().contains("HUSH"));
            assertTrue(
                    RecordText.of(record).contains("user=\"u\"")
                            || change.toString().contains("PutUser"));
        }
    }
}
