package io.varve.endpoint.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.endpoint.archive.TarEntry.Kind;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

final class TarReaderTest {
    private static final String LONG_NAME = "d/" + "x".repeat(300) + "/ü";

    private static byte[] tar(int longNames, TarArchiveEntry entry, byte[] content)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(longNames);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            entry.setSize(content.length);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            TarArchiveEntry last = new TarArchiveEntry("last");
            last.setSize(1);
            last.setModTime(0);
            tar.putArchiveEntry(last);
            tar.write('z');
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static TarReader reader(byte[] bytes) {
        return new TarReader(new ByteArrayInputStream(bytes));
    }

    private static TarEntry next(TarReader reader) throws IOException {
        TarEntry entry = reader.next();
        if (entry == null) {
            throw new AssertionError("the archive is at its end");
        }
        return entry;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
    void readsNamesOfAnyLengthAndTheContent(int longNames) throws IOException {
        long seed = 42;
        for (int size : new int[] {0, 1, 511, 512, 513, 70_000}) {
            byte[] content = new byte[size];
            new Random(seed).nextBytes(content);
            TarReader tar = reader(tar(longNames, new TarArchiveEntry(LONG_NAME), content));
            TarEntry entry = next(tar);
            assertEquals(LONG_NAME, entry.name());
            assertEquals(size, entry.sizeBytes());
            assertEquals(Kind.FILE, entry.kind());
            assertArrayEquals(content, tar.content().readAllBytes());
            assertEquals("last", next(tar).name());
            assertNull(tar.next());
        }
    }

    @Test
    void skipsContentThatNobodyReads() throws IOException {
        byte[] bytes =
                tar(
                        TarArchiveOutputStream.LONGFILE_POSIX,
                        new TarArchiveEntry("first"),
                        new byte[2000]);
        TarReader tar = reader(bytes);
        assertEquals("first", next(tar).name());
        assertEquals(0, tar.content().read());
        assertEquals("last", next(tar).name());
        assertEquals("z", new String(tar.content().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void tellsAttributesOfPaxHeaders() throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("a");
        entry.addPaxHeader("SCHILY.xattr.user.meta.colour", "grün=\nblau");
        TarReader tar = reader(tar(TarArchiveOutputStream.LONGFILE_POSIX, entry, new byte[1]));
        assertEquals(
                Map.of("SCHILY.xattr.user.meta.colour", "grün=\nblau"), next(tar).attributes());
        assertEquals(Map.of(), next(tar).attributes());
    }

    @Test
    void linksAndDirectoriesAreNoFiles() throws IOException {
        TarArchiveEntry link = new TarArchiveEntry("l", TarConstants.LF_SYMLINK);
        link.setLinkName("target");
        int mode = TarArchiveOutputStream.LONGFILE_POSIX;
        assertEquals(Kind.OTHER, next(reader(tar(mode, link, new byte[0]))).kind());
        TarArchiveEntry directory = new TarArchiveEntry("d/");
        assertEquals(Kind.OTHER, next(reader(tar(mode, directory, new byte[0]))).kind());
    }

    @Test
    void refusesWhatIsNoArchive() {
        byte[] noise = new byte[2048];
        Arrays.fill(noise, (byte) 'x');
        assertThrows(ArchiveException.class, () -> reader(noise).next());
        assertThrows(ArchiveException.class, () -> reader(new byte[] {1, 2, 3}).next());
        assertThrows(ArchiveException.class, () -> reader(new byte[0]).next());
    }

    @Test
    void tellsThatAnArchiveEndsTooEarly() throws IOException {
        byte[] whole =
                tar(
                        TarArchiveOutputStream.LONGFILE_POSIX,
                        new TarArchiveEntry("first"),
                        new byte[2000]);
        TarReader tar = reader(Arrays.copyOf(whole, 1500));
        next(tar);
        assertThrows(ArchiveException.class, () -> tar.content().readAllBytes());
        TarReader skipping = reader(Arrays.copyOf(whole, 1500));
        next(skipping);
        assertThrows(ArchiveException.class, skipping::next);
    }

    @Test
    void takesNoHeaderOfAnyAmount() throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("a");
        entry.addPaxHeader("SCHILY.xattr.user.meta.much", "x".repeat(2 << 20));
        byte[] bytes = tar(TarArchiveOutputStream.LONGFILE_POSIX, entry, new byte[1]);
        assertThrows(ArchiveException.class, () -> reader(bytes).next());
    }

    /** Whatever bytes come, there is an answer: an entry, the end, or a refusal. */
    @Test
    void survivesDamageAnywhere() throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(LONG_NAME);
        entry.addPaxHeader("SCHILY.xattr.user.meta.a", "b");
        byte[] whole = tar(TarArchiveOutputStream.LONGFILE_POSIX, entry, new byte[700]);
        long seed = 7;
        Random random = new Random(seed);
        for (int run = 0; run < 2000; run++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            TarReader tar = reader(Arrays.copyOf(damaged, random.nextInt(damaged.length + 1)));
            try {
                while (tar.next() != null) {
                    tar.content().readAllBytes();
                }
            } catch (ArchiveException e) {
                // That is the answer.
            } catch (RuntimeException e) {
                throw new AssertionError("seed=" + seed + ", run=" + run, e);
            }
        }
    }
}
