package io.varve.journal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The bytes of the records that concern one version each. A change here changes the format. */
class VersionCodecTest {
    private static final String HEAD = "0801" + "110100000000000000" + "190200000000000000";
    private static final String BUCKET_AND_KEY = "0805" + "12016b";

    private static void assertBytes(String expected, Change change) {
        byte[] bytes = RecordCodec.encode(new Draft(new RequestId(1, 2), "", change));
        assertEquals(HEAD + expected, HexFormat.of().formatHex(bytes));
        ByteBuffer payload = ByteBuffer.wrap(HexFormat.of().parseHex(HEAD + expected));
        assertEquals(change, RecordCodec.decode(payload).change());
    }

    @Test
    void removesAVersion() {
        assertBytes(
                "aa02" + "07" + BUCKET_AND_KEY + "1807", new ObjectChange.RemoveVersion(5, "k", 7));
    }

    @Test
    void restoresAVersion() {
        assertBytes(
                "b202" + "07" + BUCKET_AND_KEY + "1807",
                new ObjectChange.RestoreVersion(5, "k", 7));
    }

    @Test
    void withdrawsAnObject() {
        assertBytes("ba02" + "05" + BUCKET_AND_KEY, new ObjectChange.WithdrawObject(5, "k"));
        assertBytes("ca02" + "05" + BUCKET_AND_KEY, new ObjectChange.EraseHistory(5, "k"));
    }

    @Test
    void expiresAnObjectAndKeepsItOrNot() {
        assertBytes(
                "a202" + "0b" + BUCKET_AND_KEY + "1807" + "2009" + "2801",
                new ObjectChange.ExpireObject(5, "k", 7, 9, true));
        assertBytes(
                "a202" + "09" + BUCKET_AND_KEY + "1807" + "2009",
                new ObjectChange.ExpireObject(5, "k", 7, 9, false));
    }
}
