package io.varve.dr.replica;

import io.varve.devices.BlobId;
import io.varve.journal.record.BlobRef;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Questions for blobs and the answers as bytes, all numbers big-endian ({@code
 * docs/formats/replica.md}). A question is the blobs one after the other:
 *
 * <pre>
 *  id (16)  length (4)  CRC32C (4)
 * </pre>
 *
 * and the answers follow in the same order, each
 *
 * <pre>
 *  kind (1): 0 bytes, 1 absent, 2 lost, 3 unavailable, 4 bytes compressed for the way
 *  length (4) and payload, of kinds 0 and 4; that of kind 0 is compressed if the blob's id says so
 * </pre>
 */
public final class BlobAnswers {
    /** How many blobs are asked for at once at the most. */
    public static final int BLOBS_MAX = 512;

    private static final int QUESTION_BYTES = 24;
    private static final int BYTES = 0;
    private static final int ABSENT = 1;
    private static final int LOST = 2;
    private static final int UNAVAILABLE = 3;
    private static final int COMPRESSED = 4;

    private BlobAnswers() {}

    public static byte[] encodeQuestion(List<BlobRef> blobs) {
        ByteBuffer out = ByteBuffer.allocate(blobs.size() * QUESTION_BYTES);
        for (BlobRef blob : blobs) {
            out.putLong(blob.idHigh()).putLong(blob.idLow());
            out.putInt(blob.lengthBytes()).putInt(blob.crc32c());
        }
        return out.array();
    }

    /**
     * @throws ReplicaException when it is not one
     */
    public static List<BlobRef> decodeQuestion(byte[] bytes) {
        if (bytes.length % QUESTION_BYTES != 0 || bytes.length > BLOBS_MAX * QUESTION_BYTES) {
            throw new ReplicaException("not a question for blobs: bytes=" + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<BlobRef> blobs = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                blobs.add(new BlobRef(in.getLong(), in.getLong(), in.getInt(), in.getInt()));
            }
        } catch (IllegalArgumentException e) {
            throw new ReplicaException("not a question for blobs: " + e.getMessage(), e);
        }
        return blobs;
    }

    /**
     * An answer as it goes.
     *
     * @param compress whether a payload that is not compressed yet is, if that makes it smaller
     */
    public static byte[] encode(BlobAnswer answer, boolean compress) {
        return switch (answer) {
            case BlobAnswer.Bytes(BlobRef blob, byte[] stored) -> {
                boolean raw = !new BlobId(blob.idHigh(), blob.idLow()).compressed();
                byte[] smaller = compress && raw ? WireCompression.compress(stored) : null;
                byte[] sent = smaller == null ? stored : smaller;
                yield ByteBuffer.allocate(1 + Integer.BYTES + sent.length)
                        .put((byte) (smaller == null ? BYTES : COMPRESSED))
                        .putInt(sent.length)
                        .put(sent)
                        .array();
            }
            case BlobAnswer.Absent absent -> new byte[] {(byte) (absent.lost() ? LOST : ABSENT)};
            case BlobAnswer.Unavailable _ -> new byte[] {UNAVAILABLE};
        };
    }

    /**
     * Reads the answers to a question as they come.
     *
     * @throws ReplicaException when bytes are not those of the record, or an answer is none
     */
    public static void read(List<BlobRef> asked, InputStream in, Consumer<BlobAnswer> told)
            throws IOException {
        DataInputStream answers = new DataInputStream(in);
        for (BlobRef blob : asked) {
            int kind = answers.readUnsignedByte();
            switch (kind) {
                case BYTES, COMPRESSED -> told.accept(bytes(blob, answers, kind == COMPRESSED));
                case ABSENT, LOST -> told.accept(new BlobAnswer.Absent(blob, kind == LOST));
                case UNAVAILABLE -> told.accept(new BlobAnswer.Unavailable(blob));
                default -> throw new ReplicaException("an answer of unknown kind: " + kind);
            }
        }
    }

    private static BlobAnswer bytes(BlobRef blob, DataInputStream in, boolean compressed)
            throws IOException {
        int length = in.readInt();
        if (length < 0 || length > 2L * blob.lengthBytes() + (1 << 20)) {
            throw new ReplicaException("a blob of impossible length: " + length);
        }
        byte[] stored = new byte[length];
        in.readFully(stored);
        if (compressed) {
            stored = WireCompression.decompress(stored, blob.lengthBytes());
        }
        if (!matches(blob, stored)) {
            throw new ReplicaException(
                    "blob checksum mismatch on the way: blob=%016x%016x, length=%d"
                            .formatted(blob.idHigh(), blob.idLow(), blob.lengthBytes()));
        }
        return new BlobAnswer.Bytes(blob, stored);
    }

    /** Whether a payload, as it is stored, has the content that a record names. */
    public static boolean matches(BlobRef blob, byte[] stored) {
        byte[] content = stored;
        if (new BlobId(blob.idHigh(), blob.idLow()).compressed()) {
            try {
                content = WireCompression.decompress(stored, blob.lengthBytes());
            } catch (ReplicaException e) {
                return false;
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(content);
        return content.length == blob.lengthBytes() && (int) crc.getValue() == blob.crc32c();
    }
}
