package io.varve.endpoint.s3;

import io.varve.endpoint.store.ObjectBody;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;

/** A body of which a checksum is computed on the way, to be kept with it. Owned by one thread. */
final class ChecksummedBody implements ObjectBody {
    private final ObjectBody body;
    private final ChecksumAlgorithm algorithm;
    private final RunningChecksum checksum;
    private @Nullable String value;

    private ChecksummedBody(ObjectBody body, ChecksumAlgorithm algorithm) {
        this.body = body;
        this.algorithm = algorithm;
        this.checksum = RunningChecksum.of(algorithm);
    }

    /**
     * @param algorithm null for none: the body itself
     */
    static ObjectBody of(ObjectBody body, @Nullable ChecksumAlgorithm algorithm) {
        return algorithm == null ? body : new ChecksummedBody(body, algorithm);
    }

    @Override
    public InputStream stream() {
        return new Counted(body.stream());
    }

    @Override
    public long lengthBytes() {
        return body.lengthBytes();
    }

    @Override
    public List<Checksum> checksums() {
        String known = value;
        if (known == null) {
            throw new IllegalStateException("the body has not been read to its end");
        }
        return List.of(new Checksum(algorithm, ChecksumType.FULL_OBJECT, known));
    }

    private final class Counted extends InputStream {
        private final InputStream source;

        Counted(InputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = source.read(bytes, offset, length);
            if (read > 0) {
                checksum.update(bytes, offset, read);
            } else if (read < 0 && value == null) {
                value = Base64.getEncoder().encodeToString(checksum.value());
            }
            return read;
        }
    }
}
