package io.varve.dr.replica;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.StoredRecord;
import io.varve.journal.record.BlobRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

final class RecordBatchCodecTest {
    private static StoredRecord record(long position, int payloadBytes) {
        SplittableRandom random = new SplittableRandom(position);
        byte[] chain = new byte[32];
        byte[] payload = new byte[payloadBytes];
        random.nextBytes(chain);
        random.nextBytes(payload);
        return new StoredRecord(0, position, 1_000_000 + position, 1L << 32, chain, payload);
    }

    private static void assertSame(List<StoredRecord> expected, List<StoredRecord> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            StoredRecord one = expected.get(i);
            StoredRecord other = found.get(i);
            assertEquals(one.position(), other.position());
            assertEquals(one.timeMicros(), other.timeMicros());
            assertEquals(one.writerEpoch(), other.writerEpoch());
            assertArrayEquals(one.chain(), other.chain());
            assertArrayEquals(one.payload(), other.payload());
        }
    }

    /** The bytes of docs/formats/replica.md. */
    @Test
    void anEmptyBatchHasTheseBytes() {
        byte[] bytes = RecordBatchCodec.encode(new RecordBatch(List.of(), 258));
        assertEquals(
                "5652423100000000" + "0000000000000102",
                HexFormat.of().formatHex(bytes, 0, bytes.length - 4));
    }

    @Test
    void whatIsEncodedIsDecodedEqual() {
        List<StoredRecord> records = List.of(record(7, 0), record(8, 1), record(9, 5000));
        RecordBatch batch =
                RecordBatchCodec.decode(RecordBatchCodec.encode(new RecordBatch(records, 12)));
        assertEquals(12, batch.endPosition());
        assertSame(records, batch.records());
    }

    @Test
    void aBatchThatWasChangedOnTheWayIsRefusedWhereverItWas() {
        byte[] good = RecordBatchCodec.encode(new RecordBatch(List.of(record(1, 40)), 1));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            assertThrows(ReplicaException.class, () -> RecordBatchCodec.decode(bad), "at " + at);
            byte[] cut = Arrays.copyOf(good, at);
            assertThrows(ReplicaException.class, () -> RecordBatchCodec.decode(cut), "to " + at);
        }
    }

    @Test
    void aBlobThatWasChangedOnTheWayIsRefused() throws IOException {
        byte[] bytes = {1, 2, 3, 4, 5};
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        BlobRef blob = new BlobRef(1L << 16, 1L << 40, bytes.length, (int) crc.getValue());
        BlobRef gone = new BlobRef(2L << 16, 1L << 40, 9, 1);
        List<BlobRef> asked = List.of(blob, gone);
        assertEquals(asked, BlobAnswers.decodeQuestion(BlobAnswers.encodeQuestion(asked)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(BlobAnswers.encode(new BlobAnswer.Bytes(blob, bytes), false));
        out.writeBytes(BlobAnswers.encode(new BlobAnswer.Absent(gone, false), false));
        byte[] answer = out.toByteArray();

        List<BlobAnswer> told = new ArrayList<>();
        BlobAnswers.read(asked, new ByteArrayInputStream(answer), told::add);
        assertEquals(new BlobAnswer.Absent(gone, false), told.get(1));
        assertTrue(told.getFirst() instanceof BlobAnswer.Bytes);

        answer[7] ^= 1;
        assertThrows(
                ReplicaException.class,
                () -> BlobAnswers.read(asked, new ByteArrayInputStream(answer), told::add));
    }

    @Test
    void whatIsSetAsideIsReadAgainAndHalfOfItIsNotThere(@TempDir Path directory)
            throws IOException {
        List<StoredRecord> records = List.of(record(11, 10), record(12, 20), record(13, 30));
        SetAside.Writer cutOff = SetAside.begin(directory, 11, 13);
        cutOff.add(records.subList(0, 1));
        cutOff.close();
        assertEquals(List.of(), SetAside.list(directory));
        try (SetAside.Writer writer = SetAside.begin(directory, 11, 13)) {
            writer.add(records.subList(0, 2));
            writer.add(records.subList(2, 3));
            writer.complete();
        }
        List<StoredRecord> found = new ArrayList<>();
        SetAside.list(directory).getFirst().read(found::add);
        assertSame(records, found);
        assertTrue(SetAside.covers(directory, 11, 12));
        assertFalse(SetAside.covers(directory, 11, 14));
    }

    @Test
    void whatIsCompressedForTheWayComesOutAsItWas() throws IOException {
        byte[] bytes = new byte[300_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 50);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        BlobRef blob = new BlobRef(7, 8L << 10, bytes.length, (int) crc.getValue());
        byte[] sent = BlobAnswers.encode(new BlobAnswer.Bytes(blob, bytes), true);
        assertTrue(sent.length < bytes.length / 2, () -> sent.length + " bytes");
        List<BlobAnswer> answers = new ArrayList<>();
        BlobAnswers.read(List.of(blob), new ByteArrayInputStream(sent), answers::add);
        assertArrayEquals(bytes, ((BlobAnswer.Bytes) answers.getFirst()).stored());
        sent[sent.length / 2] ^= 1;
        assertThrows(
                ReplicaException.class,
                () -> BlobAnswers.read(List.of(blob), new ByteArrayInputStream(sent), a -> {}));
    }

    @Test
    void whatDoesNotGetSmallerGoesAsItIs() {
        byte[] noise = record(3, 5000).payload();
        BlobRef blob = new BlobRef(7, 8L << 10, noise.length, 0);
        assertEquals(
                noise.length + 5,
                BlobAnswers.encode(new BlobAnswer.Bytes(blob, noise), true).length);
    }
}
