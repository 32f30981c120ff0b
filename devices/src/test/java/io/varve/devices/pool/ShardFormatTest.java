package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.varve.devices.BlobId;
import io.varve.devices.erasure.ErasureCode;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What is on devices must stay readable: see docs/formats/erasure-shards.md. */
final class ShardFormatTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void aTagIsTheseBytes() {
        byte[] owner = "owner".getBytes(StandardCharsets.US_ASCII);
        ShardTag tag = new ShardTag(5, new ShardLayout(4, 2, 0x01020304), owner);
        assertEquals("01050402" + "04030201" + "6f776e6572", HEX.formatHex(tag.bytes()));
        ShardTag parsed = ShardTag.parse(tag.bytes());
        assertNotNull(parsed);
        assertEquals(5, parsed.shard());
        assertEquals(tag.layout(), parsed.layout());
        assertArrayEquals(owner, parsed.ownerTag());
    }

    @Test
    void whatIsNoTagIsToldApart() {
        for (String bytes :
                new String[] {
                    "",
                    "01050402040302",
                    "0205040204030201",
                    "0106040204030201",
                    "0105000204030201",
                    "01050400" + "04030201",
                    "0105040204030281"
                }) {
            assertNull(ShardTag.parse(HEX.parseHex(bytes)), bytes);
        }
    }

    @Test
    void aShardIsKnownByItsBlobsIdWithItsNumber() {
        BlobId id = BlobId.parse("0102030405060708090a0b0c0d0e0f00");
        assertEquals("0102030405060708090a0b0c0d0e0f01", id.shard(0).toString());
        assertEquals("0102030405060708090a0b0c0d0e0f1f", id.shard(30).toString());
        assertEquals(id, id.shard(30).blob());
        assertEquals(30, id.shard(30).shardNumber());
        assertEquals(-1, id.shardNumber());
    }

    @Test
    void aBlobIsCutIntoTheseShards() {
        byte[] blob = "Varve: a layer of sediment".getBytes(StandardCharsets.US_ASCII);
        ShardLayout layout = new ShardLayout(4, 3, blob.length);
        List<List<ByteBuffer>> data = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int shard = 0; shard < 4; shard++) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(blob, layout.start(shard), layout.lengthBytes(shard)).slice();
            data.add(List.of(bytes));
            found.add(
                    HEX.formatHex(blob, layout.start(shard), layout.start(shard) + bytes.limit()));
        }
        List<ByteBuffer> parity = new ArrayList<>();
        for (int shard = 4; shard < 7; shard++) {
            parity.add(ByteBuffer.allocate(layout.lengthBytes(shard)));
        }
        new ErasureCode(4, 3).encode(data, parity);
        parity.forEach(bytes -> found.add(HEX.formatHex(bytes.array())));
        assertEquals(GOLDEN, found);
    }

    private static final List<String> GOLDEN =
            List.of(
                    "56617276653a20",
                    "61206c61796572",
                    "206f6620736564",
                    "696d656e74",
                    "7e431d591b3a36",
                    "7bcf2063c17949",
                    "aa1d8957b3adfb");
}
