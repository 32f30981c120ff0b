package io.varve.journal.chronicle;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The files of an open journal. What a reader finds damaged is told and, with several mirrors,
 * repaired.
 */
final class MirrorFiles implements CycleSource {
    private final List<Mirror> mirrors;
    private final FrameRules rules;
    private final Consumer<JournalEvent> events;
    private final CycleRepairs repairs;
    private final Map<Path, List<CycleCursor.Place>> places;

    /**
     * @param places in files that were walked over already, in order
     */
    MirrorFiles(
            List<Mirror> mirrors,
            FrameRules rules,
            Consumer<JournalEvent> events,
            CycleRepairs repairs,
            Map<Path, List<CycleCursor.Place>> places) {
        this.places = places;
        this.mirrors = List.copyOf(mirrors);
        this.rules = rules;
        this.events = events;
        this.repairs = repairs;
    }

    @Override
    public List<Path> filesOf(long position) {
        List<Path> files = new ArrayList<>(mirrors.size());
        for (Mirror mirror : mirrors) {
            Path file = mirror.syncedPosition() >= position ? mirror.fileOf(position) : null;
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }

    @Override
    public CycleCursor.@Nullable Place placeBefore(Path file, long position) {
        CycleCursor.Place best = null;
        for (CycleCursor.Place place : places.getOrDefault(file, List.of())) {
            if (place.nextPosition() <= position) {
                best = place;
            }
        }
        return best;
    }

    @Override
    public FrameRules rules() {
        return rules;
    }

    @Override
    public void damaged(Path file, long position, String reason) {
        events.accept(new JournalEvent.DamageFound(file, position, reason));
        repairs.request(file);
    }
}
