package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;

import java.io.IOException;
import java.util.function.Consumer;

/** One mirror, written by the writer's own thread. */
final class SingleMirror implements MirrorSet {
    private final Mirror mirror;
    private final Consumer<JournalEvent> events;

    SingleMirror(Mirror mirror, Consumer<JournalEvent> events) {
        this.mirror = mirror;
        this.events = events;
    }

    @Override
    public void commit(FrameBatch batch) {
        try {
            mirror.write(batch);
            mirror.sync(batch);
        } catch (IOException | RuntimeException | InternalError e) {
            mirror.drop();
            events.accept(
                    new JournalEvent.MirrorDropped(
                            mirror.directory(), mirror.syncedPosition(), e.toString()));
            throw new JournalException(
                    "journal cannot be written: directory=%s, durable up to position %d"
                            .formatted(mirror.directory(), mirror.syncedPosition()),
                    e);
        }
    }

    @Override
    public boolean makeRoom(long bytes) {
        if (mirror.roomBytes() >= bytes) {
            return true;
        }
        try {
            mirror.extend(bytes);
        } catch (IOException e) {
            events.accept(new JournalEvent.SpaceExhausted(mirror.directory(), e.toString()));
        }
        return hasRoom(bytes);
    }

    @Override
    public boolean hasRoom(long bytes) {
        return mirror.roomBytes() >= bytes;
    }

    @Override
    public boolean canStartCycle(long bytes) {
        return mirror.canStartCycle(bytes);
    }

    @Override
    public long syncedEverywhere() {
        return mirror.syncedPosition();
    }

    @Override
    public void mark(Mark mark) {
        try {
            mirror.writeMark(mark);
        } catch (IOException e) {
            throw new JournalException(
                    "journal label cannot be written: directory=" + mirror.directory(), e);
        }
    }

    @Override
    public void seal(Mark end) {
        try {
            mirror.seal(end);
        } catch (IOException e) {
            throw new JournalException(
                    "journal cannot be closed in good order: directory=" + mirror.directory(), e);
        }
    }

    @Override
    public void abandon() {
        mirror.abandon();
    }
}
