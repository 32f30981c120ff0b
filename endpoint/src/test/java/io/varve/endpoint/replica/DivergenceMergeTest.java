package io.varve.endpoint.replica;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.dr.replica.MergeLedger;
import io.varve.dr.replica.MergeRule;
import io.varve.dr.replica.MergeState;
import io.varve.dr.replica.SetAside;
import io.varve.journal.StoredJournal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;

/** What an overtaken site had acknowledged comes back, or is accounted for, record by record. */
@Tag("slow")
final class DivergenceMergeTest {
    private static final byte[] LARGE = new byte[700_000];

    @TempDir private Path directory;
    private TwoSites sites;

    @BeforeEach
    void diverge() throws Exception {
        new Random(7).nextBytes(LARGE);
        sites = new TwoSites(directory, "");
        sites.createBucket("a");
        put("a", "both", "old");
        put("a", "only-a-changes", "old");
        put("a", "a-then-b", "old");
        put("a", "b-then-a", "old");
        put("a", "a-deletes", "old");
        sites.awaitCaughtUp("b", "a");
        sites.stop("b");

        put("a", "only-a-changes", "new of a");
        put("a", "a-then-b", "of a");
        put("a", "new at a", "1");
        put("a", "new at a", "2");
        put("a", "new at a", "3");
        sites.put("a", "large at a", LARGE);
        sites.delete("a", "a-deletes");
        sites.put("a", "gone at a", new byte[] {1});
        sites.delete("a", "gone at a");
        sites.stop("a");

        sites.start("b");
        sites.replica("b").promote(true);
        put("b", "a-then-b", "of b");
        put("b", "new at b", "of b");
        sites.start("a");
        sites.awaitCaughtUp("a", "b");
    }

    @AfterEach
    void close() {
        sites.close();
    }

    private void put(String site, String key, String text) throws IOException {
        sites.put(site, key, text.getBytes(StandardCharsets.UTF_8));
    }

    private SetAside aside() throws IOException {
        List<SetAside> all = SetAside.list(directory.resolve("a").resolve(SetAside.DIRECTORY));
        assertEquals(1, all.size());
        return all.getFirst();
    }

    private void merge(MergeRule rule, Divergences.Choice choice) {
        sites.replica("a").merge(rule, choice);
        sites.await(() -> !sites.replica("a").divergence(false).path("running").asBoolean());
        assertEquals("", sites.replica("a").divergence(false).path("failure").asText());
        sites.awaitCaughtUp("a", "b");
    }

    private static Divergences.Choice all() {
        return new Divergences.Choice(null, null, 0);
    }

    private void assertHolds(String key, String text) {
        assertEquals(
                Arrays.hashCode(text.getBytes(StandardCharsets.UTF_8)),
                sites.contents("b").get(key),
                key);
    }

    private void assertSameAtBoth() {
        StoredJournal a = sites.replica("a").journal();
        StoredJournal b = sites.replica("b").journal();
        assertEquals(a.endPosition(), b.endPosition());
        assertArrayEquals(a.chainHash(a.endPosition()), b.chainHash(b.endPosition()));
        assertEquals(sites.contents("a"), sites.contents("b"));
    }

    @Test
    void theNewestCountsAndEveryRecordIsAccountedForAfterFailback() throws Exception {
        merge(MergeRule.NEWEST, all());
        assertHolds("both", "old");
        assertHolds("only-a-changes", "new of a");
        assertHolds("a-then-b", "of b");
        assertHolds("new at a", "3");
        assertHolds("new at b", "of b");
        assertEquals(Arrays.hashCode(LARGE), sites.contents("b").get("large at a"));
        assertFalse(sites.contents("b").containsKey("a-deletes"));
        assertFalse(sites.contents("b").containsKey("gone at a"));
        assertSameAtBoth();

        SortedMap<Long, MergeLedger.Entry> entries = MergeLedger.read(aside());
        Map<MergeState, Long> counts = MergeLedger.counts(entries);
        assertEquals(Map.of(MergeState.MERGED, 8L, MergeState.KEPT, 1L), counts);

        sites.replica("a").promote(false);
        sites.reopenWhenAsked("b");
        sites.awaitCaughtUp("b", "a");
        assertSameAtBoth();
        assertEquals(counts, MergeLedger.counts(MergeLedger.read(aside())));
        long end = sites.replica("a").journal().endPosition();
        sites.replica("a").merge(MergeRule.THEIRS, all());
        sites.await(() -> !sites.replica("a").divergence(false).path("running").asBoolean());
        assertEquals(List.of(), MergeLedger.unsettled(MergeLedger.read(aside())));
        assertEquals(end, sites.replica("a").journal().endPosition());
    }

    @Test
    void aRecordWhoseNoteWasLostIsNotMergedTwice() throws Exception {
        Path notes = null;
        merge(MergeRule.NEWEST, new Divergences.Choice(null, null, aside().first()));
        try (var files = Files.list(aside().file().resolveSibling("."))) {
            notes =
                    files.filter(f -> f.getFileName().toString().startsWith("merge-"))
                            .toList()
                            .getFirst();
        }
        long end = sites.replica("b").journal().endPosition();
        List<String> lines = Files.readAllLines(notes);
        MergeLedger.Entry first = requireNonNull(MergeLedger.read(aside()).get(aside().first()));
        assertEquals(MergeState.MERGED, first.state());
        // As a crash leaves it: appended there, and the note torn.
        Files.writeString(
                notes,
                String.join("\n", lines.subList(0, lines.size() - 1))
                        + "\n"
                        + lines.getLast().substring(0, 4));
        merge(MergeRule.NEWEST, new Divergences.Choice(null, null, aside().first()));
        MergeLedger.Entry again = requireNonNull(MergeLedger.read(aside()).get(aside().first()));
        assertEquals(MergeState.MERGED, again.state());
        assertEquals(first.place(), again.place());
        assertEquals(end + 1, sites.replica("b").journal().endPosition());
        assertHolds("only-a-changes", "new of a");
    }

    @Test
    void whatWasSetAsideCanBeChosenByHandAndComeBeside() throws Exception {
        merge(MergeRule.MINE, new Divergences.Choice("box", "a-then-b", 0));
        assertHolds("a-then-b", "of a");
        merge(MergeRule.ASIDE, new Divergences.Choice("box", "only-a-changes", 0));
        assertHolds("only-a-changes", "old");
        assertTrue(
                sites.contents("b").containsKey("only-a-changes.diverged-" + aside().first()),
                () -> sites.contents("b").toString());
        assertEquals(7, MergeLedger.unsettled(MergeLedger.read(aside())).size());
        assertSameAtBoth();
    }
}
