package io.varve.journal.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.JournalException;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.kafka.EnvelopeFold.Step;
import io.varve.journal.record.Draft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

final class EnvelopeFoldTest {
    private static final UUID SITE = new UUID(1, 2);
    private static final UUID WRITER = new UUID(3, 4);
    private static final byte[] FOUNDING = founding(0, SITE);

    @TempDir Path directory;

    private static byte[] founding(long timeMicros, UUID site) {
        return new Envelope(
                        Envelope.Kind.FOUNDING,
                        timeMicros,
                        EnvelopeFold.FIRST_EPOCH,
                        WRITER,
                        1,
                        Envelope.encodeSiteId(site))
                .encode(FoldPlace.NOBODY);
    }

    private static byte[] draft(Draft draft, long timeMicros, long epoch) {
        return new Envelope(
                        Envelope.Kind.DRAFT,
                        timeMicros,
                        epoch,
                        WRITER,
                        2,
                        RecordCodec.encode(draft))
                .encode(SITE);
    }

    private static byte[] epoch(long epoch) {
        return new Envelope(Envelope.Kind.EPOCH, 0, epoch, WRITER, 3, new byte[0]).encode(SITE);
    }

    private static EnvelopeFold founded() {
        EnvelopeFold fold = new EnvelopeFold(FoldPlace.START);
        assertInstanceOf(Step.Founded.class, fold.accept(0, FOUNDING));
        return fold;
    }

    @Test
    void makesTheSameChainOfTheSameDraftsAsTheEmbeddedJournal() {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        List<Draft> drafts = new ArrayList<>();
        ChangeGenerator changes = new ChangeGenerator(5);
        for (int i = 0; i < 200; i++) {
            drafts.add(changes.draft());
        }
        byte[] embedded;
        try (ChronicleJournal journal =
                ChronicleJournal.open(
                        JournalConfig.of(List.of(directory), SITE).withClock(() -> now))) {
            drafts.forEach(draft -> journal.append(draft).join());
            embedded = journal.chainHash(drafts.size());
        }
        EnvelopeFold fold = new EnvelopeFold(FoldPlace.START);
        long offset = 0;
        long micros = now.getEpochSecond() * 1_000_000;
        fold.accept(offset++, founding(micros, SITE));
        for (Draft draft : drafts) {
            fold.accept(offset++, draft(draft, micros, 1));
        }
        assertArrayEquals(embedded, fold.place().chain());
    }

    /** Whatever comes, in whatever pieces it is read, every reader comes to the same place. */
    @Test
    void comesToTheSamePlaceFromWhereverItGoesOn() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ChangeGenerator changes = new ChangeGenerator(seed);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sent.add(
                        switch (random.nextInt(8)) {
                            case 0 -> FOUNDING;
                            case 1 -> epoch(random.nextLong(6));
                            case 2 -> new byte[random.nextInt(80)];
                            default ->
                                    draft(
                                            changes.draft(),
                                            random.nextLong(1_000),
                                            random.nextLong(5));
                        });
            }
            EnvelopeFold whole = new EnvelopeFold(FoldPlace.START);
            EnvelopeFold pieces = new EnvelopeFold(FoldPlace.START);
            for (int i = 0; i < sent.size(); i++) {
                whole.accept(2L * i, sent.get(i));
                pieces.accept(2L * i, sent.get(i));
                if (random.nextInt(5) == 0) {
                    pieces = new EnvelopeFold(pieces.place());
                }
            }
            assertTrue(whole.place().same(pieces.place()), "seed " + seed);
        }
    }

    @Test
    void passesOverWritersOfAnOlderEpochWithoutAGap() {
        EnvelopeFold fold = founded();
        ChangeGenerator changes = new ChangeGenerator(6);
        fold.accept(1, draft(changes.draft(), 1, 1));
        assertEquals(new Step.Epoch(WRITER, 3, true), fold.accept(2, epoch(2)));
        assertEquals(new Step.Epoch(WRITER, 3, false), fold.accept(3, epoch(2)));
        assertEquals(new Step.Fenced(WRITER, 2, 2), fold.accept(4, draft(changes.draft(), 1, 1)));
        assertEquals(new Step.Fenced(WRITER, 2, 2), fold.accept(5, draft(changes.draft(), 1, 3)));
        Step.Chained chained =
                assertInstanceOf(Step.Chained.class, fold.accept(6, draft(changes.draft(), 1, 2)));
        assertEquals(2, FrameDescriptor.position(chained.frame(), 0));
        assertEquals(
                2, FrameDescriptor.timeMicros(chained.frame(), 0), "later than the one before");
        assertEquals(2, FrameDescriptor.writerEpoch(chained.frame(), 0));
    }

    @Test
    void passesOverDamageAndOtherSites() {
        EnvelopeFold fold = founded();
        byte[] draft = draft(new ChangeGenerator(7).draft(), 1, 1);
        for (int i = 0; i < draft.length; i++) {
            byte[] damaged = draft.clone();
            damaged[i] ^= 0x40;
            if (i != 4) {
                assertInstanceOf(Step.Ignored.class, fold.accept(1 + i, damaged), "byte " + i);
            }
        }
        byte[] foreign =
                new Envelope(Envelope.Kind.DRAFT, 1, 1, WRITER, 2, new byte[3])
                        .encode(new UUID(9, 9));
        assertInstanceOf(Step.Ignored.class, fold.accept(10_000, foreign));
        assertEquals(0, fold.position());
    }

    @Test
    void stopsAtWhatANewerVersionWrote() {
        EnvelopeFold fold = founded();
        byte[] newer = draft(new ChangeGenerator(8).draft(), 1, 1);
        newer[4] = 2;
        JournalException refusal =
                assertThrows(JournalException.class, () -> fold.accept(1, newer));
        assertTrue(String.valueOf(refusal.getMessage()).contains("newer version"));
        assertEquals(1, fold.place().nextOffset(), "it was not passed over");
    }

    @Test
    void theFirstFoundingCounts() {
        EnvelopeFold fold = founded();
        byte[] second = founding(0, new UUID(5, 5));
        assertEquals(new Step.Founded(SITE, WRITER, 1), fold.accept(1, second));
    }
}
