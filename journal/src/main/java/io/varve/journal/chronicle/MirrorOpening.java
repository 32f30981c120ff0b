package io.varve.journal.chronicle;

import io.varve.journal.JournalException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A mirror directory at the start of a recovery: locked, its label read.
 *
 * @param label null when the directory holds nothing of a journal
 */
record MirrorOpening(Path directory, MirrorLock lock, @Nullable MirrorLabel label) {

    /**
     * Locks a directory, and creates it if need be.
     *
     * @param mayCreate otherwise a directory without a journal is left alone, since a disk may not
     *     be mounted there, unless somebody has put {@link Mirror#NEW_MIRROR} into it
     * @throws JournalException when it must not be opened at all: in use, or another site's
     * @throws IOException when the medium fails, or what is there cannot be understood
     */
    static MirrorOpening open(Path directory, UUID siteId, boolean mayCreate, JournalMedia media)
            throws IOException {
        if (!mayCreate && !isMirrorOrToBeOne(directory)) {
            throw new IOException("there is no journal in " + directory);
        }
        if (!Files.isDirectory(directory)) {
            createWithParents(directory, media);
        }
        MirrorLock lock = MirrorLock.acquire(directory);
        try {
            MirrorLabel label = readLabel(directory);
            if (label != null && !label.siteId().equals(siteId)) {
                throw new JournalException(
                        "journal directory of another site: directory=%s, site=%s, expected=%s"
                                .formatted(directory, label.siteId(), siteId));
            }
            return new MirrorOpening(directory, lock, label);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isMirrorOrToBeOne(Path directory) throws IOException {
        return Files.isDirectory(directory)
                && (readLabel(directory) != null
                        || Files.exists(directory.resolve(Mirror.NEW_MIRROR)));
    }

    private static void createWithParents(Path directory, JournalMedia media) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            createWithParents(parent, media);
        }
        media.createDirectory(directory);
        if (parent != null) {
            media.syncDirectory(parent);
        }
    }

    /** The newer of the two copies that are intact, or null when there never was a label. */
    static @Nullable MirrorLabel readLabel(Path directory) throws IOException {
        byte[] first = readIfThere(directory.resolve(Mirror.LABEL_1));
        byte[] second = readIfThere(directory.resolve(Mirror.LABEL_2));
        MirrorLabel one = first == null ? null : MirrorLabel.decode(first);
        MirrorLabel two = second == null ? null : MirrorLabel.decode(second);
        if (one != null && (two == null || one.revision() >= two.revision())) {
            return one;
        }
        if (two != null) {
            return two;
        }
        if (CycleDirectory.list(directory).isEmpty()) {
            return null;
        }
        throw new IOException("journal directory has cycles but no intact label: " + directory);
    }

    private static byte @Nullable [] readIfThere(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
