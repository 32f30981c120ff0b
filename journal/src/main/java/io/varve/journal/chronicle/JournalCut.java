package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Removes what is behind a position from mirrors that are in agreement. Used once.
 *
 * <p>A mirror's label comes first: it accepts a new writer epoch, so that in an election a mirror
 * that is cut wins over one that is not, and says no more that what goes was durable. A crash in
 * between leaves labels that say less than there is, and the cut has to be done again.
 */
final class JournalCut {
    private final JournalConfig config;
    private final JournalMedia media;
    private final long lastPosition;
    private final FrameRules rules;

    JournalCut(JournalConfig config, JournalMedia media, long lastPosition) {
        this.config = config;
        this.media = media;
        this.lastPosition = lastPosition;
        this.rules = FrameRules.of(config.siteId(), config.limits());
    }

    /** Where a mirror is cut: in which cycle, and how much of its file stays. */
    private record Place(long cycle, Path file, long sizeBytes, Mark mark) {}

    void run() {
        List<MirrorOpening> openings = new ArrayList<>();
        try {
            for (Path directory : config.directories()) {
                try {
                    openings.add(MirrorOpening.open(directory, config.siteId(), false, media));
                } catch (IOException e) {
                    config.events()
                            .accept(new JournalEvent.MirrorDropped(directory, 0, e.toString()));
                }
            }
            cut(openings);
        } catch (IOException e) {
            throw new JournalException("the journal cannot be cut: " + e.getMessage(), e);
        } finally {
            openings.forEach(JournalCut::release);
        }
    }

    private void cut(List<MirrorOpening> openings) throws IOException {
        List<MirrorOpening> labelled =
                openings.stream().filter(opening -> opening.label() != null).toList();
        long epoch = 0;
        List<UUID> members = new ArrayList<>();
        for (MirrorOpening opening : labelled) {
            MirrorLabel label = label(opening);
            epoch = Math.max(epoch, Math.max(label.promisedEpoch(), label.acceptedEpoch()));
            members.add(label.mirrorId());
        }
        if (labelled.size() < config.writeQuorum()) {
            throw new IOException(
                    "too few journal directories are usable: %d of %d"
                            .formatted(labelled.size(), config.directories().size()));
        }
        for (MirrorOpening opening : labelled) {
            Place place = find(opening.directory());
            write(opening, label(opening).accept(epoch + 1, members, place.mark()));
            cut(opening.directory(), place);
        }
    }

    private static MirrorLabel label(MirrorOpening opening) throws IOException {
        MirrorLabel label = opening.label();
        if (label == null) {
            throw new IOException("no journal in " + opening.directory());
        }
        return label;
    }

    private void write(MirrorOpening opening, MirrorLabel label) throws IOException {
        byte[] bytes = label.encode();
        media.write(opening.directory().resolve(Mirror.LABEL_1), bytes);
        media.write(opening.directory().resolve(Mirror.LABEL_2), bytes);
        media.syncDirectory(opening.directory());
    }

    private Place find(Path directory) throws IOException {
        for (CycleDirectory cycle : CycleDirectory.list(directory).reversed()) {
            try (CycleCursor cursor = new CycleCursor(cycle.file(), rules)) {
                CycleStart start = cursor.start();
                if (start != null && start.firstPosition() <= lastPosition) {
                    return walk(cycle, cursor);
                }
            }
        }
        if (lastPosition > 0) {
            throw new IOException("no cycle has position " + lastPosition + " in " + directory);
        }
        return new Place(0, directory, 0, Mark.NONE);
    }

    private Place walk(CycleDirectory cycle, CycleCursor cursor) throws IOException {
        while (cursor.nextPosition() <= lastPosition) {
            if (cursor.next() != CycleCursor.Step.FRAME) {
                throw new IOException(
                        "position %d cannot be read in %s: %s"
                                .formatted(
                                        cursor.nextPosition(), cycle.file(), cursor.badReason()));
            }
        }
        Mark mark = new Mark(lastPosition, cursor.chainEnd());
        return new Place(cycle.number(), cycle.file(), cursor.offset(), mark);
    }

    /** From the end, so that there is never a cycle without the one before. */
    private void cut(Path directory, Place place) throws IOException {
        for (CycleDirectory cycle : CycleDirectory.list(directory).reversed()) {
            if (cycle.number() > place.cycle()) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(cycle.directory())) {
                    for (Path file : files) {
                        media.delete(file);
                    }
                }
                media.delete(cycle.directory());
                media.syncDirectory(directory);
            }
        }
        if (place.cycle() > 0 && Files.size(place.file()) > place.sizeBytes()) {
            // Not cut in place: half of that would look like damage to what was durable.
            Path cut = place.file().resolveSibling(place.file().getFileName() + ".new");
            media.copy(place.file(), cut, place.sizeBytes());
            media.rename(cut, place.file());
            media.syncDirectory(CycleDirectory.of(directory, place.cycle()).directory());
        }
    }

    private static void release(MirrorOpening opening) {
        try {
            opening.lock().close();
        } catch (IOException e) {
            throw new JournalException("cannot unlock " + opening.directory(), e);
        }
    }
}
