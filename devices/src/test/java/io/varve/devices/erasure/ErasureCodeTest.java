package io.varve.devices.erasure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

final class ErasureCodeTest {
    private static final long SEED = 0x5eed0e;

    @Test
    void multipliesAsPolynomialsDo() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                assertEquals(ReferenceCode.multiply(a, b), GaloisField.multiply(a, b));
            }
        }
        for (int a = 1; a < 256; a++) {
            assertEquals(ReferenceCode.inverse(a), GaloisField.invert(a));
        }
    }

    /** What is on devices is made with these: they never change. */
    @Test
    void coefficientsAreThoseOfTheFormat() {
        assertEquals("[1, 1, 1, 1][1, 2, 4, 8]", coefficients(new ErasureCode(4, 2)));
        assertEquals(
                "[1, 1, 1, 1, 1, 1, 1, 1]"
                        + "[1, 2, 4, 8, 16, 32, 64, 128]"
                        + "[1, 4, 16, 64, 29, 116, 205, 19]",
                coefficients(new ErasureCode(8, 3)));
        assertEquals(
                "[1, 1, 1, 1][1, 217, 92, 172][1, 92, 70, 123][1, 172, 123, 158]",
                coefficients(new ErasureCode(4, 4)));
    }

    private static String coefficients(ErasureCode code) {
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < code.parityShards(); j++) {
            List<Integer> row = new ArrayList<>();
            for (int i = 0; i < code.dataShards(); i++) {
                row.add(code.coefficient(j, i));
            }
            text.append(row);
        }
        return text.toString();
    }

    @Test
    void parityIsWhatTheReferenceMakesOfEachSchemeAndLength() {
        Random random = new Random(SEED);
        for (int k = 1; k < ErasureCode.MAX_SHARDS; k++) {
            int mostParity = Math.min(6, ErasureCode.MAX_SHARDS - k);
            int m = 1 + random.nextInt(mostParity);
            assertMatchesReference(k, m, random, 1 + random.nextInt(40));
            assertMatchesReference(k, m, random, 4096 + random.nextInt(5000));
        }
        assertMatchesReference(4, 2, random, 0);
        assertMatchesReference(4, 2, random, 64 << 10);
        assertMatchesReference(8, 3, random, (64 << 10) + 1);
    }

    private static void assertMatchesReference(int k, int m, Random random, int length) {
        byte[][] data = randomShards(k, random, length);
        byte[][] parity = encode(new ErasureCode(k, m), data, length, random);
        byte[][] expected = ReferenceCode.encode(data, m);
        for (int j = 0; j < m; j++) {
            assertArrayEquals(
                    expected[j], parity[j], "%d+%d of %d, seed %d".formatted(k, m, length, SEED));
        }
    }

    /** The first is whole, the others end anywhere, as shards at the end of a blob do. */
    private static byte[][] randomShards(int k, Random random, int length) {
        byte[][] data = new byte[k][];
        for (int i = 0; i < k; i++) {
            data[i] = new byte[i == 0 || random.nextInt(4) > 0 ? length : shorter(random, length)];
            random.nextBytes(data[i]);
        }
        return data;
    }

    private static int shorter(Random random, int length) {
        return length == 0 ? 0 : random.nextInt(length);
    }

    /** From buffers of any kind, cut anywhere. */
    private static byte[][] encode(ErasureCode code, byte[][] data, int length, Random random) {
        List<List<ByteBuffer>> sources = new ArrayList<>();
        for (byte[] shard : data) {
            List<ByteBuffer> parts = new ArrayList<>();
            int from = 0;
            while (from < shard.length) {
                int to = Math.min(shard.length, from + 1 + random.nextInt(6000));
                parts.add(part(shard, from, to, random));
                from = to;
                if (random.nextInt(8) == 0) {
                    parts.add(ByteBuffer.allocate(0));
                }
            }
            sources.add(parts);
        }
        List<ByteBuffer> targets = new ArrayList<>();
        for (int j = 0; j < code.parityShards(); j++) {
            targets.add(
                    random.nextBoolean()
                            ? ByteBuffer.allocate(length)
                            : ByteBuffer.allocateDirect(length));
        }
        code.encode(sources, targets);
        byte[][] parity = new byte[code.parityShards()][length];
        for (int j = 0; j < parity.length; j++) {
            targets.get(j).flip().get(parity[j]);
        }
        return parity;
    }

    private static ByteBuffer part(byte[] shard, int from, int to, Random random) {
        if (random.nextBoolean()) {
            return ByteBuffer.wrap(shard, from, to - from).asReadOnlyBuffer();
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(to - from + 3).position(3);
        return direct.put(shard, from, to - from).position(3);
    }

    @Test
    void anyShardsOfCommonSchemesBringBackAllOthers() {
        int[][] schemes = {{1, 1}, {2, 1}, {2, 2}, {3, 2}, {4, 2}, {5, 3}, {6, 3}, {8, 3}, {10, 4}};
        for (int[] scheme : schemes) {
            Fixture fixture = new Fixture(scheme[0], scheme[1], new Random(SEED));
            for (int present = 0; present < 1 << fixture.code.totalShards(); present++) {
                if (Integer.bitCount(present) == scheme[0]) {
                    fixture.assertRebuilds(present);
                }
            }
        }
    }

    @Test
    void anyShardsOfRandomSchemesBringBackAllOthers() {
        Random random = new Random(SEED);
        for (int round = 0; round < 400; round++) {
            int total = 2 + random.nextInt(ErasureCode.MAX_SHARDS - 1);
            int k = 1 + random.nextInt(total - 1);
            Fixture fixture = new Fixture(k, total - k, random);
            int present = (1 << total) - 1;
            int lost = random.nextInt(total - k + 1);
            while (total - Integer.bitCount(present) < lost) {
                present &= ~(1 << random.nextInt(total));
            }
            fixture.assertRebuilds(present);
        }
    }

    /** A blob in shards whose last data shard is short. */
    private static final class Fixture {
        private final ErasureCode code;
        private final List<byte[]> shards = new ArrayList<>();

        Fixture(int k, int m, Random random) {
            code = new ErasureCode(k, m);
            byte[][] data = new byte[k][9];
            for (int i = 0; i < k; i++) {
                data[i] = new byte[i == k - 1 ? 7 : 9];
                random.nextBytes(data[i]);
                shards.add(data[i]);
            }
            if (k == 1) {
                data[0] = new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9};
                shards.set(0, data[0]);
            }
            shards.addAll(List.of(ReferenceCode.encode(data, m)));
        }

        void assertRebuilds(int presentMask) {
            SortedMap<Integer, ByteBuffer> present = new TreeMap<>();
            SortedMap<Integer, ByteBuffer> wanted = new TreeMap<>();
            for (int shard = 0; shard < shards.size(); shard++) {
                byte[] bytes = shards.get(shard);
                if ((presentMask >> shard & 1) != 0) {
                    present.put(shard, ByteBuffer.wrap(bytes));
                } else {
                    wanted.put(shard, ByteBuffer.allocate(bytes.length));
                }
            }
            code.rebuild(present, wanted);
            wanted.forEach(
                    (shard, bytes) ->
                            assertArrayEquals(
                                    shards.get(shard),
                                    bytes.array(),
                                    () ->
                                            "%d+%d, present %s, shard %d, seed %d"
                                                    .formatted(
                                                            code.dataShards(),
                                                            code.parityShards(),
                                                            Integer.toBinaryString(presentMask),
                                                            shard,
                                                            SEED)));
        }
    }

    @Test
    void aRangeIsRebuiltFromTheSameRangeOfOthers() {
        Random random = new Random(SEED);
        int length = 20_001;
        byte[][] data = randomShards(4, random, length);
        data[1] = new byte[length];
        random.nextBytes(data[1]);
        byte[][] parity = ReferenceCode.encode(data, 2);
        ErasureCode code = new ErasureCode(4, 2);
        for (int round = 0; round < 50; round++) {
            int from = random.nextInt(length);
            int to = from + 1 + random.nextInt(length - from);
            SortedMap<Integer, ByteBuffer> present = new TreeMap<>();
            present.put(0, range(data[0], from, to));
            present.put(2, range(data[2], from, to));
            present.put(3, range(data[3], from, to));
            present.put(5, range(parity[1], from, to));
            ByteBuffer wanted = ByteBuffer.allocate(to - from);
            code.rebuild(present, new TreeMap<>(Map.of(1, wanted)));
            assertEquals(ByteBuffer.wrap(data[1], from, to - from), wanted.flip());
        }
    }

    private static ByteBuffer range(byte[] bytes, int from, int to) {
        int start = Math.min(bytes.length, from);
        return ByteBuffer.wrap(bytes, start, Math.min(bytes.length, to) - start);
    }

    @Test
    void refusesWhatIsNoCode() {
        assertThrows(IllegalArgumentException.class, () -> new ErasureCode(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ErasureCode(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new ErasureCode(28, 4));
        SortedMap<Integer, ByteBuffer> three = new TreeMap<>();
        for (int shard = 0; shard < 3; shard++) {
            three.put(shard, ByteBuffer.allocate(8));
        }
        ErasureCode code = new ErasureCode(4, 2);
        assertThrows(IllegalArgumentException.class, () -> code.rebuild(three, new TreeMap<>()));
    }
}
