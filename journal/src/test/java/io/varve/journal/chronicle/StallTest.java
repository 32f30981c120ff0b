package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.JournalEvent.MirrorDropped;
import io.varve.journal.frame.ChainHash;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Whom the writer blames when mirrors do not get on, by a clock that the test moves. */
@Timeout(60)
class StallTest {
    private static final long TIMEOUT_MS = 100;

    /** The writer looks at its mirrors ten times within the timeout. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS / 10);

    @TempDir Path directory;

    private final List<JournalEvent> events = Collections.synchronizedList(new ArrayList<>());
    private List<Path> directories = List.of();

    @BeforeEach
    void name() {
        directories =
                List.of(
                        directory.resolve("mirror-0"),
                        directory.resolve("mirror-1"),
                        directory.resolve("mirror-2"));
    }

    /** Mirrors in agreement, with the first cycle begun. */
    private MirrorGroup open(FaultyMedia media, LongSupplier nanoClock) {
        JournalConfig config =
                Recovered.config(directories, new ArrayList<>())
                        .withLimits(Recovered.withMirrorTimeout(TIMEOUT_MS))
                        .withEvents(events::add);
        Recovery.Recovered recovered = new Recovery(config, media).run();
        MirrorGroup group = new MirrorGroup(recovered.mirrors(), config, nanoClock);
        group.commit(firstCycle());
        return group;
    }

    private static FrameBatch firstCycle() {
        CycleStart start = new CycleStart(Recovered.SITE, 0, 1, 1, 0, 1, ChainHash.genesis());
        return new FrameBatch(start, new byte[0], new int[0], MirrorLabel.Mark.NONE);
    }

    /** Nothing to write, but something to sync. */
    private static FrameBatch batch() {
        return new FrameBatch(null, new byte[0], new int[0], MirrorLabel.Mark.NONE);
    }

    private List<Path> dropped() {
        synchronized (events) {
            return events.stream()
                    .filter(MirrorDropped.class::isInstance)
                    .map(e -> ((MirrorDropped) e).directory())
                    .toList();
        }
    }

    @Test
    void blamesNoMirrorForATimeInWhichTheProcessWasStopped() {
        FaultyMedia media = new FaultyMedia(directories.get(1));
        AtomicLong now = new AtomicLong();
        MirrorGroup group = open(media, now::get);
        media.hang();
        group.commit(batch());
        for (int stop = 1; stop < 5; stop++) {
            now.addAndGet(TimeUnit.HOURS.toNanos(1));
            group.commit(batch());
            assertEquals(List.of(), dropped(), "after stop " + stop);
        }
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        group.commit(batch());
        assertEquals(List.of(directories.get(1)), dropped(), "it never got on");
        media.release();
        group.abandon();
    }

    @Test
    void waitsForAllMirrorsWhenTheMachineStallsForAWhile() {
        FaultyMedia media = new FaultyMedia(directory);
        AtomicInteger looks = new AtomicInteger();
        // Three times the timeout in which none gets on, half of it in which they do.
        LongSupplier nanoClock =
                () -> {
                    if (looks.get() > 0 && looks.get() < 35 && looks.incrementAndGet() == 30) {
                        media.release();
                    }
                    return looks.get() * SLICE_NANOS;
                };
        MirrorGroup group = open(media, nanoClock);
        media.hang();
        looks.set(1);
        while (looks.get() < 35) {
            group.commit(batch());
        }
        assertEquals(List.of(), dropped(), () -> events.toString());
        group.abandon();
    }

    @Test
    void givesUpWhenMostMirrorsStallForVeryLong() {
        FaultyMedia media = new FaultyMedia(directory);
        AtomicLong now = new AtomicLong();
        MirrorGroup group =
                open(media, () -> media.isHanging() ? now.addAndGet(SLICE_NANOS) : now.get());
        media.hang();
        JournalException given = assertThrows(JournalException.class, () -> group.commit(batch()));
        assertEquals("too few mirrors are left to write to: 0, needed 2", given.getMessage());
        assertEquals(3, dropped().size());
        media.release();
        group.abandon();
    }
}
