package io.varve.endpoint.site;

import io.varve.endpoint.store.ObjectBody;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;

/** A body that comes in pieces of random size, and may break off where it should end. */
final class ModelBody extends InputStream implements ObjectBody {
    private final ByteArrayInputStream bytes;
    private final long lengthBytes;
    private final List<Checksum> checksums;
    private final boolean breaksOff;
    private final Random random;

    ModelBody(ModelContent content, boolean breaksOff, Random random) {
        byte[] all = content.bytes();
        this.bytes = new ByteArrayInputStream(all);
        this.lengthBytes = random.nextBoolean() ? all.length : -1;
        this.checksums = checksumsOf(content);
        this.breaksOff = breaksOff;
        this.random = random;
    }

    /** Some contents have a checksum, and always the same. */
    static List<Checksum> checksumsOf(ModelContent content) {
        return content.lengthBytes() % 3 == 0
                ? List.of()
                : List.of(
                        new Checksum(
                                ChecksumAlgorithm.CRC32C,
                                ChecksumType.FULL_OBJECT,
                                "sum" + content.pieces().hashCode()));
    }

    @Override
    public InputStream stream() {
        return this;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public List<Checksum> checksums() {
        return checksums;
    }

    @Override
    public int read() throws IOException {
        return ended(bytes.read());
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int some = length == 0 ? 0 : 1 + random.nextInt(length);
        return ended(bytes.read(target, offset, some));
    }

    private int ended(int result) throws IOException {
        if (result < 0 && breaksOff) {
            throw new IOException("client gone");
        }
        return result;
    }
}
