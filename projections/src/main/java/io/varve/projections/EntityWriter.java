package io.varve.projections;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Builds the value of a row: a version byte, then fields of fixed size or with their length.
 * Single-threaded.
 */
public final class EntityWriter {
    static final int FORMAT_VERSION = 1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);

    public EntityWriter() {
        bytes.write(FORMAT_VERSION);
    }

    public EntityWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
        return this;
    }

    public EntityWriter number(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    public EntityWriter flag(boolean value) {
        bytes.write(value ? 1 : 0);
        return this;
    }

    public EntityWriter texts(List<String> values) {
        number(values.size());
        values.forEach(this::text);
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
