package io.varve.devices.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobPayload;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes blobs smaller, in chunks that can be read by themselves. Safe for use by many threads; the
 * caller's thread does the work.
 *
 * <p>The first chunk is the trial: content that it does not shrink by an eighth is stored as it is,
 * at the cost of having tried 64 KiB.
 */
public final class BlobCompression {
    /** Fast, and most of what higher levels win; see the decision. */
    private static final int LEVEL = 1;

    /** Below this a record's head and alignment outweigh what could be won. */
    private static final int CONTENT_MIN_BYTES = 512;

    private static final int NEEDED_SAVING_SHIFT = 3;

    /** More than this at once are not kept: contexts have some hundred KiB each. */
    private static final int KEPT_MAX = 32;

    /** More than the head of an 8 MiB blob: it is read together with what follows. */
    private static final int HEAD_READ_BYTES = 4096;

    private final ConcurrentLinkedQueue<Compressor> compressors = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Decompressor> decompressors = new ConcurrentLinkedQueue<>();

    /** Reads of a blob's payload as it is stored. */
    public interface Stored {
        int lengthBytes();

        /** Fills the target from the offset on; fewer bytes at the end of the payload. */
        void read(int offset, ByteBuffer target);
    }

    private static final class Compressor {
        final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
        final byte[] chunk = new byte[CompressedForm.CHUNK_BYTES];
    }

    private static final class Decompressor {
        final ZstdDecompressCtx context = new ZstdDecompressCtx();
        final byte[] chunk = new byte[CompressedForm.CHUNK_BYTES];
    }

    /**
     * The payload to store instead; null when the content does not get smaller by an eighth.
     *
     * @param content array-backed, from its position to its limit; chunks that do not shrink are
     *     shared with it
     */
    public @Nullable BlobPayload compress(ByteBuffer content) {
        int length = content.remaining();
        if (length < CONTENT_MIN_BYTES) {
            return null;
        }
        Compressor compressor = compressors.poll();
        if (compressor == null) {
            compressor = new Compressor();
        }
        try {
            return compress(content, compressor);
        } finally {
            if (compressors.size() < KEPT_MAX) {
                compressors.add(compressor);
            } else {
                compressor.context.close();
            }
        }
    }

    private static @Nullable BlobPayload compress(ByteBuffer content, Compressor compressor) {
        int length = content.remaining();
        int count = CompressedForm.chunkCount(length);
        ByteBuffer head =
                ByteBuffer.allocate(CompressedForm.headBytes(length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        head.put(CompressedForm.VERSION).put(CompressedForm.METHOD_ZSTD).putShort((short) 0);
        head.putInt(length);
        List<ByteBuffer> parts = new ArrayList<>(count + 1);
        parts.add(head);
        long total = head.capacity();
        for (int i = 0; i < count; i++) {
            int from = i * CompressedForm.CHUNK_BYTES;
            int bytes = Math.min(CompressedForm.CHUNK_BYTES, length - from);
            ByteBuffer chunk = content.slice(content.position() + from, bytes);
            ByteBuffer stored = chunk(chunk, compressor);
            head.putInt(stored.remaining());
            total += stored.remaining();
            parts.add(stored);
            if (i == 0 && !isWorth(total, bytes)) {
                return null;
            }
        }
        head.flip();
        return isWorth(total, length) ? BlobPayload.of(parts.toArray(ByteBuffer[]::new)) : null;
    }

    private static boolean isWorth(long storedBytes, int contentBytes) {
        return storedBytes <= contentBytes - (contentBytes >> NEEDED_SAVING_SHIFT);
    }

    /** The chunk as it is to be stored. */
    private static ByteBuffer chunk(ByteBuffer content, Compressor compressor) {
        int length = content.remaining();
        try {
            int stored =
                    compressor.context.compressByteArray(
                            compressor.chunk,
                            0,
                            length - 1,
                            content.array(),
                            content.arrayOffset() + content.position(),
                            length);
            return ByteBuffer.wrap(Arrays.copyOf(compressor.chunk, stored));
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return content;
            }
            throw e;
        }
    }

    /**
     * Fills the target with content, from an offset on; fewer bytes at its end. Reads and
     * decompresses no chunk that it needs nothing of: a blob that is small as stored takes one
     * read, others two.
     *
     * @throws BlobDamagedException when the blob is not in the form it should be in
     */
    public void read(Stored blob, int offset, ByteBuffer target) {
        int length = blob.lengthBytes();
        int first = length <= CompressedForm.CHUNK_BYTES ? length : HEAD_READ_BYTES;
        ByteBuffer head = ByteBuffer.allocate(first);
        blob.read(0, head);
        head.flip();
        int headBytes = CompressedForm.headBytes(CompressedForm.contentBytes(head));
        if (headBytes > head.remaining()) {
            head = ByteBuffer.allocate(headBytes);
            blob.read(0, head);
            head.flip();
        }
        CompressedForm form = CompressedForm.read(head);
        int end = (int) Math.min(form.contentBytes(), (long) offset + target.remaining());
        if (offset >= end) {
            return;
        }
        int firstChunk = offset / CompressedForm.CHUNK_BYTES;
        int lastChunk = (end - 1) / CompressedForm.CHUNK_BYTES;
        int from = form.start(firstChunk);
        ByteBuffer stored = head;
        if (form.end(lastChunk) > head.limit()) {
            stored = ByteBuffer.allocate(form.end(lastChunk) - from);
            blob.read(from, stored);
            stored.flip();
        } else {
            from = 0;
        }
        decompress(form, stored, from, offset, end, target);
    }

    /** The content of a payload that is in memory, array-backed. */
    public ByteBuffer readAll(ByteBuffer payload) {
        CompressedForm form = CompressedForm.read(payload);
        ByteBuffer content = ByteBuffer.allocate(form.contentBytes());
        decompress(form, payload.slice(), 0, 0, form.contentBytes(), content);
        return content.flip();
    }

    private void decompress(
            CompressedForm form,
            ByteBuffer stored,
            int storedFrom,
            int offset,
            int end,
            ByteBuffer target) {
        Decompressor decompressor = decompressors.poll();
        if (decompressor == null) {
            decompressor = new Decompressor();
        }
        try {
            int at = offset;
            while (at < end) {
                int chunk = at / CompressedForm.CHUNK_BYTES;
                int start = chunk * CompressedForm.CHUNK_BYTES;
                int to = Math.min(end, start + form.chunkBytes(chunk));
                int storedAt = form.start(chunk) - storedFrom;
                int storedBytes = form.end(chunk) - form.start(chunk);
                ByteBuffer content =
                        content(
                                stored.slice(storedAt, storedBytes),
                                form.chunkBytes(chunk),
                                decompressor);
                target.put(content.slice(at - start, to - at));
                at = to;
            }
        } catch (ZstdException | IndexOutOfBoundsException e) {
            throw new BlobDamagedException(
                    "a compressed blob cannot be read: " + e.getMessage(), e);
        } finally {
            if (decompressors.size() < KEPT_MAX) {
                decompressors.add(decompressor);
            } else {
                decompressor.context.close();
            }
        }
    }

    private static ByteBuffer content(
            ByteBuffer stored, int contentBytes, Decompressor decompressor) {
        if (stored.remaining() == contentBytes) {
            return stored;
        }
        int made =
                decompressor.context.decompressByteArray(
                        decompressor.chunk,
                        0,
                        contentBytes,
                        stored.array(),
                        stored.arrayOffset(),
                        stored.remaining());
        if (made != contentBytes) {
            throw new BlobDamagedException(
                    "a compressed chunk has %d bytes instead of %d".formatted(made, contentBytes));
        }
        return ByteBuffer.wrap(decompressor.chunk, 0, contentBytes);
    }
}
