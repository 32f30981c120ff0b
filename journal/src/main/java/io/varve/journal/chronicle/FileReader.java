package io.varve.journal.chronicle;

import io.varve.journal.JournalException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads frames in order from the files, from another mirror where one is damaged. Single-threaded.
 */
final class FileReader implements AutoCloseable {
    private final CycleSource source;
    private @Nullable CycleCursor cursor;

    /** Whether the cursor did not begin at the start of its file. */
    private boolean atPlace;

    FileReader(CycleSource source) {
        this.source = source;
    }

    /** What the writer may have changed since is read anew. */
    void forgetReadAhead() {
        if (cursor != null) {
            cursor.forgetReadAhead();
        }
    }

    /**
     * The cursor, on the frame at a position that is durable.
     *
     * @throws JournalException when no mirror has that frame intact
     */
    CycleCursor at(long position) {
        Set<Path> tried = new HashSet<>();
        String problem = "no file has it";
        while (true) {
            List<Path> files = source.filesOf(position);
            CycleCursor open = cursor;
            if (open == null
                    || open.nextPosition() > position
                    || tried.contains(open.file())
                    || !files.contains(open.file())) {
                Path next = firstUntried(files, tried);
                if (next == null) {
                    throw new JournalException(
                            "journal record cannot be read: position=%d: %s"
                                    .formatted(position, problem));
                }
                open = open(next, source.placeBefore(next, position));
            }
            String damage = open == null ? "file cannot be opened" : advance(open, position);
            if (damage != null && atPlace) {
                // The file may have been replaced by one of another layout: it has the last word.
                open = open == null ? null : open(open.file(), null);
                damage = open == null ? "file cannot be opened" : advance(open, position);
            }
            if (open != null && damage == null) {
                return open;
            }
            Path file = open == null ? files.getFirst() : open.file();
            problem = "file=%s: %s".formatted(file, damage);
            tried.add(file);
            source.damaged(file, position, damage == null ? "unreadable" : damage);
        }
    }

    private static @Nullable Path firstUntried(List<Path> files, Set<Path> tried) {
        for (Path file : files) {
            if (!tried.contains(file)) {
                return file;
            }
        }
        return null;
    }

    private @Nullable CycleCursor open(Path file, CycleCursor.@Nullable Place place) {
        close();
        atPlace = place != null;
        try {
            CycleCursor opened =
                    place == null
                            ? new CycleCursor(file, source.rules())
                            : new CycleCursor(file, source.rules(), place);
            cursor = opened;
            return opened;
        } catch (IOException e) {
            return null;
        }
    }

    /** Walks on to a position; null when it is there, else what is in the way. */
    private static @Nullable String advance(CycleCursor cursor, long position) {
        if (cursor.start() == null) {
            return "no cycle start: " + cursor.badReason();
        }
        while (cursor.nextPosition() <= position) {
            switch (cursor.next()) {
                case FRAME -> {}
                case END -> {
                    return "the file ends at position " + cursor.nextPosition();
                }
                case BAD -> {
                    return "position %d, offset %d: %s"
                            .formatted(cursor.nextPosition(), cursor.offset(), cursor.badReason());
                }
            }
        }
        return null;
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
