package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FrameDescriptor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** The bytes of frames, and what makes them this site's. */
class FrameRulesTest {
    private static final UUID OTHER_SITE = new UUID(1, 3);

    @TempDir Path directory;

    /** The bytes that are on disks already. A change here is a change of the format. */
    @Test
    void writesTheBytesOfFrameVersionOne() {
        byte[] parent = new byte[FrameDescriptor.CHAIN_LENGTH];
        parent[0] = 0x5A;
        CycleStart start =
                new CycleStart(Recovered.SITE, 0, 3, 41, 1_700_000_000_000_000L, 7, parent);
        assertEquals(
                "564a461a"
                        + "01025800"
                        + "18000000"
                        + "d429a1fe"
                        + "2900000000000000"
                        + "00401e18240a0600"
                        + "0700000000000000"
                        + "2800000000000000"
                        + "00000000"
                        + "00000000"
                        + "5a00000000000000000000000000000000000000000000000000000000000000"
                        + "01000000000000000200000000000000"
                        + "0300000000000000",
                HexFormat.of().formatHex(start.encode()));
        assertEquals(
                "564a461a"
                        + "01015800"
                        + "04000000"
                        + "3d9a5f03"
                        + "2900000000000000"
                        + "01401e18240a0600"
                        + "0700000000000000"
                        + "2800000000000000"
                        + "00000000"
                        + "00000000"
                        + "0c3c5dc8cc4303cc22aa35e1f192a076c594da0aef47cbafd63039611d5f908a"
                        + "01020304",
                HexFormat.of().formatHex(recordFrame(Recovered.RULES, 41)));
    }

    @Test
    void takesNoFrameOfAnotherSite() {
        byte[] frame = recordFrame(Recovered.RULES, 41);
        assertTrue(Recovered.RULES.crcMatches(frame, 0));
        FrameRules other = FrameRules.of(OTHER_SITE, Recovered.SMALL);
        assertFalse(other.crcMatches(frame, 0));
    }

    /** The same bytes behind the records mean damage if they are this site's, else nothing. */
    @Test
    void takesOnlyFramesOfTheSiteAsProofThatRecordsAreMissing() throws IOException {
        Path file = writeSomeRecords();
        TailScan whole = TailScan.of(file, Recovered.RULES);
        assertNull(whole.reason());
        long end = whole.mark().position();
        assertEquals(10, end);

        FrameRules other = FrameRules.of(OTHER_SITE, Recovered.SMALL);
        Path foreign = withFrameBehind(file, recordFrame(other, end + 3));
        TailScan torn = TailScan.of(foreign, Recovered.RULES);
        assertEquals("bytes behind the last record", torn.reason());
        assertEquals(0, torn.strayRecords());
        assertTrue(torn.syncedPosition() <= end);

        Path own = withFrameBehind(file, recordFrame(Recovered.RULES, end + 3));
        TailScan damaged = TailScan.of(own, Recovered.RULES);
        assertEquals(1, damaged.strayRecords());
        assertEquals(end + 2, damaged.syncedPosition());
        assertEquals(end, damaged.mark().position());
    }

    /** A cycle's start is written before the cycle is in use: alone it is proof of nothing. */
    @Test
    void countsNoCycleStartAsAStrayRecord() throws IOException {
        Path file = writeSomeRecords();
        byte[] start = new CycleStart(Recovered.SITE, 0, 2, 11, 1, 1, ChainHash.genesis()).encode();
        assertEquals(0, TailScan.of(withFrameBehind(file, start), Recovered.RULES).strayRecords());
    }

    private static byte[] recordFrame(FrameRules rules, long position) {
        byte[] payload = {1, 2, 3, 4};
        byte[] frame = new byte[FrameDescriptor.HEADER_LENGTH + payload.length];
        FrameDescriptor.putHeader(
                frame,
                0,
                FrameDescriptor.KIND_RECORD,
                payload.length,
                position,
                1_700_000_000_000_001L,
                7,
                position - 1,
                0);
        System.arraycopy(payload, 0, frame, FrameDescriptor.HEADER_LENGTH, payload.length);
        new ChainHash(ChainHash.genesis()).append(frame, 0);
        rules.putCrc(frame, 0);
        return frame;
    }

    private Path writeSomeRecords() throws IOException {
        Path mirror = directory.resolve("mirror");
        ChangeGenerator changes = new ChangeGenerator(1);
        try (ChronicleJournal journal =
                ChronicleJournal.open(
                        Recovered.config(List.of(mirror), new ArrayList<>()), new FastMedia())) {
            for (int i = 0; i < 10; i++) {
                journal.append(changes.draft(changes.change(0))).join();
            }
        }
        return CycleDirectory.list(mirror).getLast().file();
    }

    private Path withFrameBehind(Path file, byte[] frame) throws IOException {
        long end = Objects.requireNonNull(TailScan.of(file, Recovered.RULES)).goodBytes();
        Path copy = directory.resolve("copy.cq4");
        byte[] bytes = Files.readAllBytes(file);
        int at = (int) (end + 4096 & ~3L);
        byte[] longer = new byte[at + frame.length];
        System.arraycopy(bytes, 0, longer, 0, (int) end);
        System.arraycopy(frame, 0, longer, at, frame.length);
        return Files.write(
                copy,
                longer,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }
}
