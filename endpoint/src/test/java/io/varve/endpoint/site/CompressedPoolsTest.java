package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.DeviceStats;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.StoreConfig;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.projections.topology.Pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A site with compressed pools of copies and of shards beside its default one. */
final class CompressedPoolsTest {
    private static final long SEED = 3;
    private static final int BLOB_BYTES = 256 << 10;
    private static final String CLASS = "x-amz-storage-class";
    private static final Credential OWNER = new Credential("KEY", "secret", "root", "root");

    @TempDir private Path directory;
    private SiteStack stack;
    private TestClient s3;

    @BeforeEach
    void open() {
        SiteConfig config =
                SiteStack.small(directory)
                        .withStore(new StoreConfig(BLOB_BYTES, 32 << 20, 4 << 20, 10_000, 2));
        stack = new SiteStack(config.withPool(config.pool().withSegmentSizeBytes(4L << 20)));
        TestPools.addCopies(stack.site(), "dense", 2, "zstd");
        TestPools.addShards(stack.site(), "cold", 4, 2, "zstd");
        connect();
        s3.put("/bucket", "").expect(200);
    }

    private void connect() {
        s3 = TestClient.of(stack.store(), List.of(OWNER));
    }

    @AfterEach
    void close() {
        stack.close();
    }

    private static byte[] text(int lengthBytes) {
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        while (text.length() < lengthBytes) {
            text.append("sediment ").append(random.nextInt(1000)).append('\n');
        }
        return Arrays.copyOf(text.toString().getBytes(StandardCharsets.UTF_8), lengthBytes);
    }

    private static byte[] noise(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private Answer put(String key, byte[] content, String storageClass) {
        return s3.request("PUT", "/bucket/" + key)
                .header(CLASS, storageClass)
                .body(content)
                .send()
                .expect(200);
    }

    private long liveBytes() {
        return stack.site().devices().stream().mapToLong(DeviceStats::liveBytes).sum();
    }

    private void requireRanges(String key, byte[] content) {
        Random random = new Random(SEED);
        assertArrayEquals(content, s3.get("/bucket/" + key).expect(200).body());
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(content.length);
            int to = from + random.nextInt(content.length - from);
            Answer range =
                    s3.request("GET", "/bucket/" + key)
                            .header("Range", "bytes=" + from + "-" + to)
                            .send()
                            .expect(206);
            assertArrayEquals(
                    Arrays.copyOfRange(content, from, to + 1),
                    range.body(),
                    () -> "%s from %d to %d, seed %d".formatted(key, from, to, SEED));
        }
    }

    @Test
    void whatShrinksTakesLessRoomAndReadsAsItWas() {
        byte[] content = text(3 * BLOB_BYTES + 1234);
        String plainEtag = put("plain", content, "STANDARD").etag();
        long before = liveBytes();
        assertEquals(plainEtag, put("dense", content, "dense").etag());
        assertTrue(liveBytes() - before < content.length, "two copies: " + (liveBytes() - before));
        put("cold", content, "cold");
        put("small", text(4096), "cold");
        requireRanges("dense", content);
        requireRanges("cold", content);
        requireRanges("small", text(4096));
        CompressionCounts counts = requireNonNull(stack.site().compression().get(1));
        assertNotNull(counts);
        assertEquals(4, counts.blobs());
        assertEquals(content.length, counts.contentBytes());
        assertTrue(counts.savedBytes() > content.length / 2, counts::toString);
        stack.restart();
        connect();
        requireRanges("dense", content);
        requireRanges("cold", content);
    }

    @Test
    void whatDoesNotShrinkIsStoredAsItIs() {
        byte[] content = noise(2 * BLOB_BYTES);
        long before = liveBytes();
        put("noise", content, "dense");
        assertTrue(liveBytes() - before >= 2L * content.length);
        requireRanges("noise", content);
        CompressionCounts counts = requireNonNull(stack.site().compression().get(1));
        assertNotNull(counts);
        assertEquals(0, counts.blobs());
        assertEquals(2, counts.incompressible());
        assertNull(stack.site().compression().get(0), "the default pool is not asked to");
    }

    /** What was written before keeps its form: the blob tells it, not the pool. */
    @Test
    void aPoolCanStartAndStopToCompress() {
        byte[] content = text(BLOB_BYTES);
        put("compressed", content, "dense");
        set(1, "");
        put("as-it-is", content, "dense");
        assertEquals(1, requireNonNull(stack.site().compression().get(1)).blobs());
        set(Pool.DEFAULT_ID, "zstd");
        put("standard", content, "STANDARD");
        assertEquals(1, requireNonNull(stack.site().compression().get(0)).blobs());
        for (String key : List.of("compressed", "as-it-is", "standard")) {
            requireRanges(key, content);
        }
    }

    private void set(int poolId, String compression) {
        Pool pool = stack.site().topology().current().pool(poolId).orElseThrow();
        PutPool put = pool.put();
        assertNull(
                stack.site()
                        .topology()
                        .change(
                                "test",
                                new PutPool(
                                        put.id(),
                                        put.name(),
                                        put.rule(),
                                        put.scheme(),
                                        put.minCopies(),
                                        put.deviceClass(),
                                        compression,
                                        pool.position())));
    }

    /** Rot in what is stored is found by the devices' checksums, before anything is unpacked. */
    @Test
    void rotInACompressedCopyIsPassedOver() throws IOException {
        byte[] content = text(2 * BLOB_BYTES);
        put("dense", content, "dense");
        put("cold", content, "cold");
        stack.site().close();
        spoil(stack.config().pool().devices().get(0).directory());
        stack.reopen();
        connect();
        requireRanges("dense", content);
        requireRanges("cold", content);
    }

    private static void spoil(Path device) throws IOException {
        try (Stream<Path> files = Files.list(device)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("segment-")) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        for (long at = 4096 + 2000; at < channel.size(); at += 4096) {
                            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), at);
                        }
                    }
                }
            }
        }
    }
}
