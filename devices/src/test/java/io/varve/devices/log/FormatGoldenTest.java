package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.devices.BlobPayload;
import io.varve.devices.file.CrashFileSystem;

import org.agrona.BufferUtil;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * The bytes on media, as devices in the field have them. A change here is a change of format: it
 * needs a new version number and a reader of the old one.
 */
final class FormatGoldenTest {
    private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

    private static String hex(byte[] bytes, int from, int length) {
        return HexFormat.of().formatHex(bytes, from, from + length);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer block() {
        return BufferUtil.allocateDirectAligned(4096, 4096);
    }

    @Test
    void label() {
        ByteBuffer block = block();
        LabelDescriptor.encode(
                new DeviceLabel(
                        7,
                        new UUID(0x0011_2233_4455_6677L, 0x8899_aabb_ccdd_eeffL),
                        new UUID(0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L),
                        1_700_000_000_000L,
                        64L << 20,
                        3),
                block);
        assertEquals(
                "56415256454c424c03000000070000007766554433221100ffeeddccbbaa9988"
                        + "efcdab89674523011032547698badcfe0068e5cf8b0100000000000400000000"
                        + "03000000000000000000000000000000",
                hex(bytes(block), 0, 80));
        assertEquals("00000000da169083", hex(bytes(block), 4088, 8));
    }

    @Test
    void segmentHeader() {
        ByteBuffer block = block();
        new SegmentHeader(true, 5, 9, 8 << 20, 64L << 20).encode(block, KEY);
        assertEquals(
                "56534547c53ad51c010000000100000005000000000000000900000000008000"
                        + "0000000400000000000000000000000000000000000000000000000000000000",
                hex(bytes(block), 0, 64));
        assertEquals(hex(bytes(block), 0, 2048), hex(bytes(block), 2048, 2048));
    }

    @Test
    void recordsOfABatch() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        Segment segment = new Segment(9);
        segment.begin(5, 4096);
        SegmentAppender appender =
                new SegmentAppender(
                        SegmentAppender.Buffers.allocate(),
                        KEY,
                        segment,
                        media.openForWrite("segment"),
                        new SegmentEntries(),
                        0);
        byte[] payload = new byte[4100];
        payload[0] = 'v';
        payload[4099] = 'e';
        appender.appendBlob(
                new LogRequest.Write(
                        0x1122_3344_5566_7788L,
                        0x0102_0304_0506_0708L,
                        BlobPayload.of(payload),
                        "owner".getBytes(StandardCharsets.US_ASCII),
                        false,
                        (changed, failure) -> {}),
                41);
        appender.appendTombstone(0x1122_3344_5566_7788L, 0x0102_0304_0506_0708L, 42, 4);
        appender.sync();
        byte[] written = media.bytes("segment");
        assertEquals(4096 + 8192, written.length);
        assertEquals(
                "565245437be6c2eb020105000410000005000000000000000002000001000000"
                        + "2900000000000000887766554433221108070605040302010000000000000000"
                        + "6f776e6572000000eb254361b9cc501c76000000000000000000000000000000",
                hex(written, 4096, 96));
        assertEquals("0000006500000000", hex(written, 4096 + 80 + 4096, 8));
        int tombstone = 4096 + 80 + 4104;
        assertEquals(
                "565245432e9349e6020200000000000005000000000000000b04000001000000"
                        + "2a00000000000000887766554433221108070605040302010400000000000000",
                hex(written, tombstone, 64));
        assertEquals(
                "565245435d441ff5020200000000000005000000000000001304000001000000"
                        + "2a00000000000000887766554433221108070605040302010400000000000000",
                hex(written, tombstone + 64, 64));
    }

    @Test
    void footer() {
        SegmentEntries entries = new SegmentEntries();
        entries.addBlob(1, 2, 41, 4096, BlobPlace.shape(4100, 5));
        entries.addTombstone(3, 4, 42, 17);
        ByteBuffer footer = SegmentFooter.encode(entries, 12_288, 5, KEY);
        assertEquals(4096, footer.capacity());
        assertEquals(
                "0100000000000000020000000000000029000000000000000002000004100008"
                        + "030000000000000004000000000000002a000000000000001100000000000000",
                hex(bytes(footer), 0, 64));
        assertEquals(
                "564654529059bff7010000000010000005000000000000002a00000000000000"
                        + "003000000000000001000000c86a8ab601000000e299582a0000000000000000",
                hex(bytes(footer), 4032, 64));
    }

    @Test
    void savedIndex() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        BlobIndex index = new BlobIndex();
        index.put(1, 2, 9, 8192, BlobPlace.shape(4100, 5));
        Segment segment = new Segment(9);
        segment.begin(5, 4096);
        segment.markTwins();
        SegmentEntries entries = new SegmentEntries();
        entries.addBlob(1, 2, 41, 8192, BlobPlace.shape(4100, 5));
        entries.addTombstone(3, 4, 42, 17);
        IndexMark mark =
                new IndexMark(
                        42,
                        6,
                        List.of(new IndexMark.Life(segment, 5)),
                        new IndexMark.Open(5, 16_384, 3, entries));
        try (IndexSaver saver = new IndexSaver(media, KEY, index, mark)) {
            while (saver.step()) {
                // Each call writes one section.
            }
        }
        byte[] written = media.bytes("index");
        int shardBytes = 64 + 16 * 32;
        assertEquals(
                "56494458ae68acac010000000100000020000000000000002a00000000000000"
                        + "0000000000000000000000000000000000000000000000000000000000000000"
                        + "0600000000000000050000000000000000400000000000000300000000010000",
                hex(written, 0, 96));
        assertEquals(
                "5649445871ab6af9010000000200000000020000010000002a00000000000000"
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                hex(written, 128 + shardBytes, 64));
        int lists = 128 + 256 * shardBytes;
        assertEquals(
                "564944588ec1690c010000000300000050000000000000002a00000000000000"
                        + "0100000001000000010000000000000000000000000000000000000000000000"
                        + "0500000000000000090000000100000001000000000000000200000000000000"
                        + "2900000000000000000400000410000803000000000000000400000000000000"
                        + "2a000000000000001100000000000000",
                hex(written, lists, 64 + 16 + 64));
        int entry = entryOf(written);
        assertEquals(
                "13152 0100000000000000020000000000000009000000000400000410000801000000",
                entry + " " + hex(written, entry, 32));
    }

    /** Where the one entry is: what the hash function says is a matter of format too. */
    private static int entryOf(byte[] written) {
        int at = 128;
        for (int shard = 0; shard < 256; shard++) {
            for (int entry = at + 64; entry < at + 64 + 16 * 32; entry += 32) {
                if (written[entry + 28] != 0) {
                    return entry;
                }
            }
            at += 64 + 16 * 32;
        }
        throw new AssertionError("no entry");
    }
}
