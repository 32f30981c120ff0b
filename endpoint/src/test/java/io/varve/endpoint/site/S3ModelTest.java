package io.varve.endpoint.site;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The rules of S3 against a whole site on disk, with restarts. */
final class S3ModelTest {
    @TempDir Path directory;

    @Test
    void answersAsTheRulesOfS3Say() {
        run(System.nanoTime(), 3000, 800);
    }

    @Test
    @Tag("slow")
    void answersAsTheRulesOfS3SayForLong() {
        int operations = 20_000 * Integer.getInteger("varve.slow.percent", 100) / 100;
        long seed = System.nanoTime();
        for (int round = 0; round < 5; round++) {
            run(seed + round, operations, 1700);
        }
    }

    private void run(long seed, int operations, int restartEvery) {
        Path site = directory.resolve("site-" + seed);
        try (SiteStack stack = new SiteStack(SiteStack.small(site))) {
            new S3ModelRun(seed, stack).run(operations, restartEvery);
        }
    }
}
