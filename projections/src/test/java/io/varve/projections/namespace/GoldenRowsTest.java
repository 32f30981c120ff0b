package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.Versioning;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.RowChange;
import io.varve.projections.ViewDamagedException;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The bytes of each kind of row and key, as docs/formats/namespace.md says they are. */
class GoldenRowsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long MICROS = 1_700_000_000_000_000L;
    private static final String MD5 = "0123456789abcdef0123456789abcdef";

    private static final Manifest MANIFEST =
            new Manifest(2, List.of(new BlobRef(0x1122334455667788L, 9, 300, 0xCAFEBABE)));
    private static final String MANIFEST_HEX =
            "02" + "01" + "1122334455667788" + "0000000000000009" + "ac02" + "cafebabe";
    private static final String MICROS_HEX = "8080f9c0c1c48203";
    private static final String ATTRIBUTES_HEX =
            "01"
                    + "0c"
                    + hex("content-type")
                    + "03"
                    + hex("a/b")
                    + "01"
                    + "01"
                    + hex("x")
                    + "02c3a9"
                    + "00";
    private static final String CHECKSUMS_HEX = "01" + "02" + "01" + "04" + hex("AAA=");

    private static final Attributes ATTRIBUTES =
            new Attributes(
                    new TreeMap<>(Map.of("content-type", "a/b")),
                    new TreeMap<>(Map.of("x", "\u00e9")));
    private static final List<Checksum> CHECKSUMS =
            List.of(new Checksum(ChecksumAlgorithm.CRC32C, ChecksumType.FULL_OBJECT, "AAA="));

    private static String hex(String text) {
        return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRow(String expected, byte[] row) {
        assertEquals(expected, HEX.formatHex(row));
    }

    private static ObjectVersion version(boolean marker) {
        return new ObjectVersion(
                5,
                "k",
                200,
                true,
                marker,
                MICROS,
                marker ? 0 : 300,
                marker ? "" : MD5,
                0,
                marker ? Attributes.NONE : ATTRIBUTES,
                marker ? List.of() : CHECKSUMS);
    }

    private static final String VERSION_HEX =
            "02"
                    + "01"
                    + "c801"
                    + MICROS_HEX
                    + "ac02"
                    + ("01" + MD5)
                    + "00"
                    + ("01" + "c801" + MANIFEST_HEX)
                    + ATTRIBUTES_HEX
                    + CHECKSUMS_HEX;

    private static VersionRow versionRow() {
        return VersionRow.of(version(false), new Content.Inline(200, MANIFEST));
    }

    @Test
    void object() {
        assertRow(VERSION_HEX, versionRow().bytes());
        VersionRow read = VersionRow.decode(HEX.parseHex(VERSION_HEX));
        assertEquals(version(false), read.toVersion(5, "k"));
        assertEquals(new Content.Inline(200, MANIFEST), read.content());
    }

    @Test
    void deleteMarker() {
        String expected = "02" + "03" + "c801" + MICROS_HEX;
        assertRow(expected, VersionRow.of(version(true), Content.NONE).bytes());
        assertEquals(version(true), VersionRow.decode(HEX.parseHex(expected)).toVersion(5, "k"));
    }

    @Test
    void revisedObjectThatExpires() {
        Attributes attributes =
                Attributes.NONE.withSettings(new TreeMap<>(Map.of(Attributes.EXPIRES, "300")));
        ObjectVersion version =
                new ObjectVersion(
                        5, "k", 200, true, false, MICROS, 0, MD5, 0, attributes, List.of(), 300);
        String expected =
                "02"
                        + "0d"
                        + "c801"
                        + MICROS_HEX
                        + ("ac02" + "05")
                        + "ac02"
                        + "00"
                        + ("01" + MD5)
                        + "00"
                        + "00"
                        + ("00" + "00" + "01" + "07" + hex("expires") + "03" + hex("300"))
                        + "00";
        assertRow(expected, VersionRow.of(version, Content.NONE, 5).bytes());
        VersionRow read = VersionRow.decode(HEX.parseHex(expected));
        assertEquals(version, read.toVersion(5, "k"));
        assertEquals(5, read.revisedMicros());
        assertEquals(300, read.expiresSeconds());
        assertEquals(300, VersionRow.expiresSeconds(read.bytes()));
        assertEquals(Expiry.NEVER, VersionRow.expiresSeconds(versionRow().bytes()));
    }

    @Test
    void contentOfOtherKinds() {
        assertContent("00", Content.NONE);
        assertContent("02c801", new Content.Chunked(200));
        assertContent("03c801", new Content.Parts(200));
    }

    private static void assertContent(String expected, Content content) {
        RowWriter to = new RowWriter();
        RowFields.writeContent(to, content);
        assertRow(expected, to.toBytes());
        assertEquals(content, RowFields.readContent(new RowReader(to.toBytes())));
    }

    @Test
    void etagOfEachForm() {
        assertEtag("01" + MD5, MD5);
        assertEtag("02" + MD5 + "90" + "4e", MD5 + "-10000");
        assertEtag("0003" + hex("odd"), "odd");
        assertEtag("0000", "");
        assertEtag("0022" + hex(MD5 + "-0"), MD5 + "-0");
        assertEtag("0023" + hex(MD5 + "-01"), MD5 + "-01");
        assertEtag("0020" + hex(MD5.toUpperCase(Locale.ROOT)), MD5.toUpperCase(Locale.ROOT));
    }

    private static void assertEtag(String expected, String etag) {
        RowWriter to = new RowWriter();
        RowFields.writeEtag(to, etag);
        assertRow(expected, to.toBytes());
        assertEquals(etag, RowFields.readEtag(new RowReader(to.toBytes())));
    }

    @Test
    void history() {
        String expected = "01" + "ac02" + MICROS_HEX + VERSION_HEX;
        assertRow(expected, new HistoryRow(300, MICROS, versionRow()).toBytes());
        HistoryRow read = HistoryRow.decode(HEX.parseHex(expected));
        assertEquals(300, read.removedPosition());
        assertEquals(MICROS, read.removedMicros());
        assertArrayEquals(versionRow().bytes(), read.row().bytes());
    }

    @Test
    void ended() {
        assertRow("0101" + "05" + "01" + hex("k"), new EndedRow.Version(5, "k").toBytes());
        assertRow("0102", new EndedRow.Upload().toBytes());
        assertRow("0103", new EndedRow.Bucket().toBytes());
        String revision = "0104" + "05" + "01" + hex("k") + "c801";
        assertRow(revision, new EndedRow.Revision(5, "k", 200).toBytes());
        assertEquals(new EndedRow.Revision(5, "k", 200), EndedRow.decode(HEX.parseHex(revision)));
        assertEquals(new EndedRow.Version(5, "k"), EndedRow.decode(HEX.parseHex("010105016b")));
        assertEquals(new EndedRow.Upload(), EndedRow.decode(HEX.parseHex("0102")));
        assertEquals(new EndedRow.Bucket(), EndedRow.decode(HEX.parseHex("0103")));
    }

    @Test
    void turns() {
        byte[] k = {'k'};
        byte[] key = NamespaceKeys.version(NamespaceKeys.TURN, 5, k, 200);
        assertRow("72" + "0000000000000005" + "6b" + "0001" + "ffffffffffffff37", key);
        assertRow("01" + "ac02", new TurnRow(200, 300).toBytes());
        assertEquals(new TurnRow(200, 300), TurnRow.decode(key, HEX.parseHex("01ac02")));
        byte[] due = NamespaceKeys.turnDue(300, 200, 5, k);
        assertRow("52" + "000000000000012c" + "00000000000000c8" + "0000000000000005" + "6b", due);
        assertEquals(200, NamespaceKeys.secondId(due));
        assertEquals(5, NamespaceKeys.thirdId(due));
        assertArrayEquals(k, NamespaceKeys.turnDueKey(due));
    }

    @Test
    void times() {
        TimesRow row = new TimesRow(128, new long[] {MICROS, MICROS, MICROS + 300});
        assertRow("01" + "8001" + "03" + MICROS_HEX + "00" + "ac02", row.toBytes());
        TimesRow read = TimesRow.decode(row.toBytes());
        assertEquals(128, read.firstPosition());
        assertArrayEquals(row.micros(), read.micros());
        assertRow("6b" + "0000000000000002", TimesRow.key(read.number()));
        assertEquals(127, read.positionAt(MICROS - 1));
        assertEquals(129, read.positionAt(MICROS + 299));
    }

    @Test
    void historyKeys() {
        byte[] k = {'k'};
        String first = "68" + "0000000000000005" + "6b" + "0001" + "ffffffffffffff37";
        assertRow(first, NamespaceKeys.version(NamespaceKeys.HISTORY, 5, k, 200));
        assertRow(first + "fffffffffffffed3", NamespaceKeys.historyFrom(5, k, 200, 300));
    }

    @Test
    void movedVersion() {
        VersionRow moved = VersionRow.of(markerOf(200), Content.NONE, MICROS, 300);
        assertRow("02" + "12" + "c801" + MICROS_HEX + "ac02", moved.bytes());
        assertEquals(300, VersionRow.decode(moved.bytes()).arrivedPosition());
        assertEquals(300, moved.since());
    }

    private static ObjectVersion markerOf(long position) {
        return new ObjectVersion(
                5, "k", position, false, true, MICROS, 0, "", 0, Attributes.NONE, List.of());
    }

    @Test
    void window() {
        MemoryViewStore store = new MemoryViewStore();
        put(store, NamespaceKeys.WINDOW_KEY, "02" + MICROS_HEX + "05" + "ac02" + "04");
        assertEquals(new WindowRow(MICROS, 5, 300, 4), WindowRow.read(store));
    }

    @Test
    void bucket() {
        TreeMap<String, String> settings = new TreeMap<>(Map.of("x", "y"));
        Bucket bucket =
                new Bucket(5, "b", "alice", MICROS, Versioning.SUSPENDED, 7, 300, settings, 40);
        BucketRow row = new BucketRow(bucket, 2, 1);
        String expected =
                "03"
                        + "01"
                        + "01"
                        + hex("b")
                        + "05"
                        + hex("alice")
                        + MICROS_HEX
                        + "02"
                        + "07"
                        + "ac02"
                        + "28"
                        + "02"
                        + "01";
        assertRow(expected, row.toBytes());
        String removed = "01" + "c801" + MICROS_HEX + expected;
        assertRow(removed, new BucketRow.Removed(200, MICROS, row).toBytes());
        String settingsHex = "01" + "01" + "01" + hex("x") + "01" + hex("y");
        assertRow(settingsHex, BucketRow.encodeSettings(settings));
        MemoryViewStore store = new MemoryViewStore();
        put(store, NamespaceKeys.of(NamespaceKeys.BUCKET, 5), expected);
        put(store, NamespaceKeys.of(NamespaceKeys.BUCKET_REMOVED, 5), removed);
        put(store, NamespaceKeys.of(NamespaceKeys.SETTINGS, 5), settingsHex);
        assertEquals(row, BucketRow.read(store, 5));
        assertEquals(new BucketRow.Removed(200, MICROS, row), BucketRow.Removed.read(store, 5));
    }

    private static void put(MemoryViewStore store, byte[] key, String valueHex) {
        store.write(List.of(new RowChange(key, HEX.parseHex(valueHex))));
    }

    @Test
    void account() {
        Account account = new Account("alice", new TreeMap<>(Map.of("x", "y")), 2, 7, 300);
        String expected = "01" + "02" + "07" + "ac02" + "01" + "01" + hex("x") + "01" + hex("y");
        assertRow(expected, AccountRow.encode(account));
        assertEquals(account, AccountRow.decode("alice", HEX.parseHex(expected)));
    }

    @Test
    void upload() {
        Upload upload =
                new Upload(
                        200,
                        5,
                        "k",
                        "alice",
                        MICROS,
                        ATTRIBUTES,
                        ChecksumAlgorithm.SHA256,
                        ChecksumType.COMPOSITE);
        String expected = "02" + "05" + hex("alice") + MICROS_HEX + "05" + "02" + ATTRIBUTES_HEX;
        assertRow(expected, UploadRow.encode(upload));
        assertEquals(upload, UploadRow.decode(5, "k", 200, HEX.parseHex(expected)));
        assertRow(
                "01" + "05" + "01" + hex("k") + "c801",
                new UploadRow.Completed(5, "k", 200).toBytes());
    }

    @Test
    void part() {
        PartRow part =
                new PartRow(1, 200, MICROS, 300, MD5, new Content.Inline(200, MANIFEST), CHECKSUMS);
        String expected =
                "01"
                        + "c801"
                        + MICROS_HEX
                        + "ac02"
                        + ("01" + MD5)
                        + ("01" + "c801" + MANIFEST_HEX)
                        + CHECKSUMS_HEX;
        assertRow(expected, part.toBytes());
        assertEquals(part, PartRow.decode(1, HEX.parseHex(expected)));
    }

    @Test
    void manifestChunk() {
        assertRow("01" + MANIFEST_HEX, ContentReader.encodeChunk(MANIFEST));
        assertEquals(MANIFEST, ContentReader.decodeChunk(HEX.parseHex("01" + MANIFEST_HEX)));
    }

    @Test
    void keys() {
        byte[] k = {'k', 0, 1};
        assertRow(
                "6f" + "0000000000000005" + "6b0001",
                NamespaceKeys.of(NamespaceKeys.CURRENT, 5, k));
        byte[] version = NamespaceKeys.version(NamespaceKeys.NONCURRENT, 5, k, 200);
        assertRow("76" + "0000000000000005" + "6b00ff01" + "0001" + "ffffffffffffff37", version);
        assertArrayEquals(k, NamespaceKeys.unescaped(version));
        assertEquals(200, NamespaceKeys.versionPosition(version));
        assertRow(
                "75" + "0000000000000005" + "6b00ff01" + "0001" + "00000000000000c8",
                NamespaceKeys.upload(5, k, 200));
        assertRow(
                "71" + hex("alice") + "0001" + hex("b"),
                NamespaceKeys.owner("alice", NamespaceKeys.utf8("b")));
        assertRow("61" + hex("alice"), NamespaceKeys.account("alice"));
        byte[] expiry = NamespaceKeys.expiry(300, 5, k, 200);
        assertRow(
                "78"
                        + "000000000000012c"
                        + "0000000000000005"
                        + ("6b00ff01" + "0001")
                        + "00000000000000c8",
                expiry);
        assertArrayEquals(k, NamespaceKeys.expiring(expiry));
        assertRow("6e" + hex("b"), NamespaceKeys.name(NamespaceKeys.utf8("b")));
        assertRow(
                "4e" + hex("b") + "0001" + "fffffffffffffffa",
                NamespaceKeys.nameRemoved(NamespaceKeys.utf8("b"), 5));
        assertRow(
                "64" + "00000000000000c8" + "0000000000000005" + "00000002",
                NamespaceKeys.released(200, 5, 2));
        assertRow(
                "70" + "00000000000000c8" + "00000007",
                NamespaceKeys.of(NamespaceKeys.PART, 200, 7));
    }

    @Test
    void refusesRowsOfAnotherVersionOrCutShort() {
        byte[] other = versionRow().bytes().clone();
        other[0] = 1;
        assertThrows(ViewDamagedException.class, () -> VersionRow.decode(other));
        byte[] cut = Arrays.copyOf(versionRow().bytes(), 20);
        assertThrows(ViewDamagedException.class, () -> VersionRow.decode(cut).content());
    }
}
