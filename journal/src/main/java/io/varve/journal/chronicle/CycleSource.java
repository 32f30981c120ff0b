package io.varve.journal.chronicle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where a position can be read. Safe for use by many threads. */
final class CycleSource {
    private final List<Mirror> mirrors;
    private final int maxFrameBytes;
    private final Consumer<JournalEvent> events;

    CycleSource(List<Mirror> mirrors, int maxFrameBytes, Consumer<JournalEvent> events) {
        this.mirrors = List.copyOf(mirrors);
        this.maxFrameBytes = maxFrameBytes;
        this.events = events;
    }

    /** The files that should hold a durable position, one per mirror that has got that far. */
    List<Path> filesOf(long position) {
        List<Path> files = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            Path file = mirror.syncedPosition() >= position ? mirror.fileOf(position) : null;
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    void tell(JournalEvent event) {
        events.accept(event);
    }
}
