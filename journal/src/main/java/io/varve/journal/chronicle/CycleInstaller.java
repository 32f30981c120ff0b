package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Writes a closed cycle of a mirror anew from another mirror's file. The copy is verified before it
 * takes the old file's place, by a rename: a crash leaves either the one or the other.
 */
final class CycleInstaller {
    private static final String INCOMING_SUFFIX = ".new";

    private final JournalMedia media;
    private final Consumer<JournalEvent> events;
    private final FrameRules rules;

    CycleInstaller(JournalMedia media, Consumer<JournalEvent> events, FrameRules rules) {
        this.media = media;
        this.events = events;
        this.rules = rules;
    }

    /**
     * Installs a cycle and returns the file it was copied from.
     *
     * @throws IOException when no source has the cycle intact, or the medium fails
     */
    Path install(History.Part part, Path mirror) throws IOException {
        CycleDirectory place = CycleDirectory.of(mirror, part.start().cycle());
        if (!Files.isDirectory(place.directory())) {
            media.createDirectory(place.directory());
            media.syncDirectory(mirror);
        }
        Path incoming = place.directory().resolve(place.file().getFileName() + INCOMING_SUFFIX);
        String problem = "no other mirror has it";
        for (Path source : part.sources()) {
            if (source.equals(place.file())) {
                continue;
            }
            media.copy(source, incoming, Files.size(source));
            problem = trim(incoming, part);
            if (problem == null) {
                media.rename(incoming, place.file());
                media.syncDirectory(place.directory());
                return source;
            }
            events.accept(
                    new JournalEvent.DamageFound(source, part.start().firstPosition(), problem));
            media.delete(incoming);
        }
        throw new IOException(
                "cycle cannot be copied from any mirror: file=%s: %s"
                        .formatted(place.file(), problem));
    }

    /** Verifies a copied cycle up to its end and cuts what is behind; null when all is well. */
    private @Nullable String trim(Path file, History.Part part) throws IOException {
        long goodBytes;
        try (CycleCursor cursor = new CycleCursor(file, rules)) {
            CycleStart start = cursor.start();
            if (start == null || !start.isSameCycleAs(part.start())) {
                return "no cycle start: " + cursor.badReason();
            }
            while (cursor.nextPosition() <= part.end().position()) {
                CycleCursor.Step step = cursor.next();
                if (step != CycleCursor.Step.FRAME) {
                    return "position %d: %s"
                            .formatted(
                                    cursor.nextPosition(),
                                    step == CycleCursor.Step.END ? "missing" : cursor.badReason());
                }
            }
            if (!part.end().isSameAs(new Mark(cursor.nextPosition() - 1, cursor.chainEnd()))) {
                return "another history at position " + part.end().position();
            }
            goodBytes = cursor.offset();
        }
        if (goodBytes < Files.size(file)) {
            media.truncate(file, goodBytes);
        }
        return null;
    }
}
