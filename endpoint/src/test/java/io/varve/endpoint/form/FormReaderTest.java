package io.varve.endpoint.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

final class FormReaderTest {
    private static final String BOUNDARY = "----WebKitFormBoundaryNcxTqxSlX7t4TDkR";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] form(List<byte[]> contents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < contents.size(); i++) {
            out.write(bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"f" + i));
            out.write(bytes("\"; filename=\"ü " + i + "\"\r\nContent-Type: text/plain\r\n\r\n"));
            out.write(contents.get(i));
            out.write(bytes("\r\n"));
        }
        out.write(bytes("--" + BOUNDARY + "--"));
        return out.toByteArray();
    }

    /** Gives a few bytes at a time, as a network does. */
    private static final class Trickle extends InputStream {
        private final InputStream source;
        private final Random random;

        Trickle(byte[] bytes, Random random) {
            this.source = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() throws IOException {
            return source.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int most = random.nextBoolean() ? 3 : 5000;
            return source.read(into, offset, Math.min(length, 1 + random.nextInt(most)));
        }
    }

    private static FormReader reader(byte[] form) throws IOException {
        return new FormReader(new ByteArrayInputStream(form), BOUNDARY);
    }

    private static FormReader reader(String form) throws IOException {
        return reader(bytes(form));
    }

    private static FormField next(FormReader form) throws IOException {
        FormField field = form.next();
        if (field == null) {
            throw new AssertionError("the form is at its end");
        }
        return field;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesBackWhateverContentThereIs(long seed) throws IOException {
        Random random = new Random(seed);
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] content = new byte[random.nextInt(3) * random.nextInt(100_000)];
            random.nextBytes(content);
            for (int j = 0; j < content.length / 50; j++) {
                // Many beginnings of a boundary that is none.
                byte[] near = bytes("\r\n--" + BOUNDARY.substring(0, random.nextInt(20)));
                int at = random.nextInt(content.length);
                System.arraycopy(near, 0, content, at, Math.min(near.length, content.length - at));
            }
            contents.add(content);
        }
        FormReader form = new FormReader(new Trickle(form(contents), random), BOUNDARY);
        for (int i = 0; i < contents.size(); i++) {
            FormField field = next(form);
            assertEquals("f" + i, field.name());
            assertEquals("ü " + i, field.fileName());
            assertEquals("text/plain", field.headers().get("content-type"));
            if (random.nextInt(4) > 0) {
                byte[] read = form.content().readAllBytes();
                assertArrayEquals(contents.get(i), read, "seed=" + seed + ", field=" + i);
            }
        }
        assertNull(form.next());
    }

    @Test
    void refusesWhatIsNoForm() throws IOException {
        assertThrows(FormException.class, () -> reader("hello\r\n").next());
        assertThrows(FormException.class, () -> reader("").next());
        assertThrows(FormException.class, () -> reader("--" + BOUNDARY + "\r\nA: b\r\n").next());
        FormReader cut = reader("--" + BOUNDARY + "\r\nA: b\r\n\r\ncontent");
        next(cut);
        assertThrows(FormException.class, () -> cut.content().readAllBytes());
        String much = "--" + BOUNDARY + "\r\nA: " + "b".repeat(10_000) + "\r\n\r\n";
        assertThrows(FormException.class, () -> reader(much).next());
    }

    @Test
    void survivesDamageAnywhere() throws IOException {
        byte[] whole = form(List.of(bytes("abc"), bytes(""), bytes("x".repeat(300))));
        long seed = 11;
        Random random = new Random(seed);
        for (int run = 0; run < 2000; run++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int i = 0; i < 3 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                FormReader form = reader(damaged);
                while (form.next() != null) {
                    form.content().readAllBytes();
                }
            } catch (FormException e) {
                // That is the answer.
            } catch (RuntimeException e) {
                throw new AssertionError("seed=" + seed + ", run=" + run, e);
            }
        }
    }
}
