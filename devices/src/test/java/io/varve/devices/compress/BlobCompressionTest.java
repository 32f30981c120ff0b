package io.varve.devices.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobPayload;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

final class BlobCompressionTest {
    private static final long SEED = 77;
    private static final int CHUNK = CompressedForm.CHUNK_BYTES;

    private final BlobCompression compression = new BlobCompression();

    /** A payload in memory that counts what is read of it. */
    private static final class Memory implements BlobCompression.Stored {
        final byte[] bytes;
        int reads;
        int readBytes;

        Memory(byte[] bytes) {
            this.bytes = bytes;
        }

        static Memory of(BlobPayload payload) {
            ByteBuffer all = ByteBuffer.allocate(payload.lengthBytes());
            for (int i = 0; i < payload.partCount(); i++) {
                all.put(payload.part(i));
            }
            return new Memory(all.array());
        }

        @Override
        public int lengthBytes() {
            return bytes.length;
        }

        @Override
        public void read(int offset, ByteBuffer target) {
            int count = Math.min(target.remaining(), bytes.length - offset);
            target.put(bytes, offset, count);
            reads++;
            readBytes += count;
        }
    }

    /** Text of few words, with stretches of noise between. */
    private static byte[] mixed(Random random, int length, double noise) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            int stretch = Math.min(length - at, 1 + random.nextInt(3 * CHUNK));
            byte[] part = new byte[stretch];
            if (at > 0 && random.nextDouble() < noise) {
                random.nextBytes(part);
            } else {
                for (int i = 0; i < stretch; i++) {
                    part[i] = (byte) ('a' + (i / 7 + random.nextInt(2)) % 13);
                }
            }
            System.arraycopy(part, 0, bytes, at, stretch);
            at += stretch;
        }
        return bytes;
    }

    private static byte[] read(
            BlobCompression compression, Memory stored, int offset, int lengthBytes) {
        ByteBuffer target = ByteBuffer.allocate(lengthBytes);
        compression.read(stored, offset, target);
        return Arrays.copyOf(target.array(), target.position());
    }

    @Test
    void anyRangeReadsAsItWasWritten() {
        Random random = new Random(SEED);
        int tried = 0;
        int[] lengths = {
            512, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 5 * CHUNK + 17, 20 * CHUNK
        };
        for (int length : lengths) {
            byte[] content = mixed(random, length, 0.3);
            BlobPayload payload = compression.compress(ByteBuffer.wrap(content));
            if (payload == null) {
                continue;
            }
            tried++;
            assertTrue(payload.lengthBytes() <= length - length / 8);
            Memory stored = Memory.of(payload);
            assertArrayEquals(content, compression.readAll(ByteBuffer.wrap(stored.bytes)).array());
            for (int i = 0; i < 50; i++) {
                int offset = random.nextInt(length + 1);
                int count = 1 + random.nextInt(length);
                byte[] wanted =
                        Arrays.copyOfRange(content, offset, Math.min(length, offset + count));
                assertArrayEquals(
                        wanted,
                        read(compression, stored, offset, count),
                        () -> "seed %d, length %d".formatted(SEED, length));
            }
        }
        assertTrue(tried >= 6, "compressed: " + tried);
    }

    @Test
    void aRangeReadsOnlyTheChunksThatItNeeds() {
        byte[] content = mixed(new Random(SEED), 64 * CHUNK, 0);
        BlobPayload payload = requireNonNull(compression.compress(ByteBuffer.wrap(content)));
        Memory stored = Memory.of(payload);
        assertArrayEquals(
                Arrays.copyOfRange(content, 40 * CHUNK + 5, 40 * CHUNK + 105),
                read(compression, stored, 40 * CHUNK + 5, 100));
        assertEquals(2, stored.reads);
        assertTrue(stored.readBytes < 4096 + CHUNK, "read: " + stored.readBytes);
    }

    @Test
    void aSmallBlobTakesOneRead() {
        BlobPayload payload =
                requireNonNull(
                        compression.compress(ByteBuffer.wrap(mixed(new Random(SEED), 4096, 0))));
        Memory stored = Memory.of(payload);
        assertEquals(4096, read(compression, stored, 0, 4096).length);
        assertEquals(1, stored.reads);
    }

    @Test
    void whatDoesNotShrinkIsStoredAsItIs() {
        byte[] noise = new byte[10 * CHUNK];
        new Random(SEED).nextBytes(noise);
        assertNull(compression.compress(ByteBuffer.wrap(noise)));
        assertNull(compression.compress(ByteBuffer.wrap(noise, 3, 4096)));
        assertNull(compression.compress(ByteBuffer.wrap(new byte[100])), "too small to matter");
        // The trial passes, but the whole does not win an eighth.
        Arrays.fill(noise, 0, CHUNK, (byte) 7);
        assertNull(compression.compress(ByteBuffer.wrap(noise)));
    }

    @Test
    void aPayloadOfAnotherFormIsRefused() {
        BlobPayload payload =
                requireNonNull(compression.compress(ByteBuffer.wrap(new byte[3 * CHUNK])));
        Random random = new Random(SEED);
        byte[] good = Memory.of(payload).bytes;
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(20)] ^= (byte) (1 << random.nextInt(8));
            ByteBuffer target = ByteBuffer.allocate(3 * CHUNK);
            try {
                compression.read(new Memory(bad), 0, target);
            } catch (BlobDamagedException e) {
                continue;
            }
            // Only the zeros in the head may be anything.
            assertEquals(3 * CHUNK, target.position());
        }
        assertThrows(
                BlobDamagedException.class,
                () -> compression.readAll(ByteBuffer.wrap(good, 0, good.length / 2)));
    }
}
