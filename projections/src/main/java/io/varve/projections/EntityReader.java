package io.varve.projections;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Takes the value of a row apart, as {@link EntityWriter} put it together. Single-threaded. Throws
 * {@link ViewDamagedException} for what does not fit.
 */
public final class EntityReader {
    private final ByteBuffer bytes;

    private EntityReader(byte[] value) {
        bytes = ByteBuffer.wrap(value);
    }

    /**
     * @throws ViewDamagedException when the row does not fit, or something is left of it
     */
    public static <T> T read(byte[] value, Function<EntityReader, T> form) {
        EntityReader reader = new EntityReader(value);
        try {
            int version = reader.bytes.get();
            if (version != EntityWriter.FORMAT_VERSION) {
                throw new ViewDamagedException("row of another format: " + version);
            }
            T entity = form.apply(reader);
            if (reader.bytes.hasRemaining()) {
                throw new ViewDamagedException("row is too long: " + value.length);
            }
            return entity;
        } catch (BufferUnderflowException e) {
            throw new ViewDamagedException("row ends early: size=" + value.length, e);
        }
    }

    public String text() {
        byte[] utf8 = new byte[length(bytes.getInt())];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private int length(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new ViewDamagedException("row with a length of " + length);
        }
        return (int) length;
    }

    public long number() {
        return bytes.getLong();
    }

    /** Whether the row has fields beyond those read: rows of before had fewer. */
    public boolean more() {
        return bytes.hasRemaining();
    }

    public boolean flag() {
        return bytes.get() != 0;
    }

    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int left = length(number()); left > 0; left--) {
            texts.add(text());
        }
        return texts;
    }
}
