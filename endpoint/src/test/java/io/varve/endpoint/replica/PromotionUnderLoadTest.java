package io.varve.endpoint.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.dr.replica.Backlog;
import io.varve.dr.replica.MergeLedger;
import io.varve.dr.replica.MergeRule;
import io.varve.dr.replica.MergeState;
import io.varve.dr.replica.SetAside;
import io.varve.endpoint.store.StoreException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The lead changes hands while 32 writers run. */
@Tag("slow")
final class PromotionUnderLoadTest {
    private static final int WRITERS = 32;
    private static final long LOAD_MS =
            Math.max(300, 20L * Integer.getInteger("varve.slow.percent", 100));

    @TempDir private Path directory;

    /**
     * Writers that put keys of their own wherever changes are taken, and note what was answered.
     */
    private static final class Writers {
        final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final TwoSites sites;
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
        private final AtomicLong longestNanos = new AtomicLong();
        private volatile String target;
        private volatile boolean ended;

        Writers(TwoSites sites, String target) {
            this(sites, target, "w");
        }

        Writers(TwoSites sites, String target, String prefix) {
            this.sites = sites;
            this.target = target;
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                threads.add(Thread.ofVirtual().start(() -> run(prefix + writer)));
            }
        }

        private void run(String writer) {
            try {
                for (int n = 0; !ended; n++) {
                    String key = writer + "-" + n;
                    while (!ended && !puts(key)) {
                        LockSupport.parkNanos(1_000_000);
                    }
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        }

        private boolean puts(String key) throws IOException {
            try {
                sites.put(target, key, key.getBytes(StandardCharsets.UTF_8));
            } catch (StoreException refused) {
                return false;
            }
            long now = System.nanoTime();
            acknowledged.add(key);
            long gap = now - lastNanos.getAndSet(now);
            longestNanos.accumulateAndGet(gap, Math::max);
            return true;
        }

        void goTo(String site) {
            target = site;
        }

        void measureFromNowOn() {
            lastNanos.set(System.nanoTime());
            longestNanos.set(0);
        }

        long longestPauseMs() {
            return TimeUnit.NANOSECONDS.toMillis(longestNanos.get());
        }

        void end() throws InterruptedException {
            ended = true;
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
        }
    }

    private static void rest() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOAD_MS);
        for (long left = LOAD_MS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void assertAllThere(Set<String> acknowledged, Map<String, Integer> contents) {
        List<String> lost =
                acknowledged.stream().filter(key -> !contents.containsKey(key)).toList();
        assertEquals(List.of(), lost);
    }

    @Test
    void aPlannedHandoverLosesNothingAndPausesWritesForLessThanTwoSeconds() throws Exception {
        try (TwoSites sites = new TwoSites(directory, "")) {
            sites.createBucket("a");
            sites.awaitCaughtUp("b", "a");
            Writers writers = new Writers(sites, "a");
            rest();
            writers.measureFromNowOn();
            sites.replica("b").promote(false);
            writers.goTo("b");
            rest();
            writers.end();
            assertTrue(
                    writers.longestPauseMs() < 2_000,
                    () -> "writes paused for " + writers.longestPauseMs() + " ms");
            assertAllThere(writers.acknowledged, sites.contents("b"));
            sites.reopenWhenAsked("a");
            sites.awaitCaughtUp("a", "b");
            assertEquals(sites.contents("b"), sites.contents("a"));
        }
    }

    @Test
    void inSynchronousModeNothingThatWasAnsweredIsLostByForce() throws Exception {
        String settings = "replica.mode = sync\nreplica.syncTimeout = 30 s\n";
        try (TwoSites sites = new TwoSites(directory, settings)) {
            sites.createBucket("a");
            sites.await(() -> sites.replica("a").waitsForStandby());
            Writers writers = new Writers(sites, "a");
            rest();
            // While writes are under way: those that were answered are at the standby.
            Set<String> answered = Set.copyOf(writers.acknowledged);
            sites.replica("b").promote(true);
            Set<String> before = Set.copyOf(writers.acknowledged);
            writers.end();
            assertTrue(answered.size() > WRITERS);
            assertAllThere(answered, sites.contents("b"));
            assertAllThere(before, sites.contents("b"));
        }
    }

    @Test
    void byForceExactlyWhatTheLagSaidIsLostAndAllOfItComesBack() throws Exception {
        try (TwoSites sites = new TwoSites(directory, "")) {
            sites.createBucket("a");
            sites.awaitCaughtUp("b", "a");
            Writers together = new Writers(sites, "a");
            rest();
            together.end();
            sites.await(() -> sites.replica("a").backlog(1_000).records() == 0);
            sites.stop("b");
            Writers writers = new Writers(sites, "a", "alone");
            rest();
            writers.end();
            Backlog.Now shown = sites.replica("a").backlog(10_000);
            assertTrue(shown.records() > WRITERS, shown::toString);
            sites.stop("a");

            sites.start("b");
            long here = sites.replica("b").journal().endPosition();
            assertEquals(shown.standbyPosition(), here);
            sites.replica("b").promote(true);
            sites.start("a");
            sites.awaitCaughtUp("a", "b");
            List<SetAside> all = SetAside.list(directory.resolve("a").resolve(SetAside.DIRECTORY));
            assertEquals(1, all.size());
            SetAside aside = all.getFirst();
            assertEquals(shown.records(), aside.last() - aside.first() + 1);

            sites.replica("a").merge(MergeRule.NEWEST, new Divergences.Choice(null, null, 0));
            sites.await(() -> !sites.replica("a").divergence(false).path("running").asBoolean());
            sites.awaitCaughtUp("a", "b");
            sites.replica("a").promote(false);
            assertAllThere(together.acknowledged, sites.contents("a"));
            assertAllThere(writers.acknowledged, sites.contents("a"));
            Map<MergeState, Long> counts = MergeLedger.counts(MergeLedger.read(aside));
            assertEquals(Map.of(MergeState.MERGED, shown.records()), counts);
        }
    }
}
