package io.varve.endpoint.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.store.StoreException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class SynchronousPairTest {
    private static final byte[] BYTES = {1, 2, 3};

    @TempDir private Path directory;

    @Test
    @Tag("slow")
    void whatIsAnsweredIsAtTheStandbyAndAloneItIsRefusedWhereThatIsWanted() throws Exception {
        try (TwoSites sites =
                new TwoSites(
                        directory,
                        """
                        replica.mode = sync
                        replica.syncTimeout = 2 s
                        replica.whenAlone = refuse
                        """)) {
            sites.await(() -> sites.replica("a").waitsForStandby());
            sites.createBucket("a");
            for (int i = 0; i < 10; i++) {
                sites.put("a", "key" + i, BYTES);
                long here = sites.replica("a").journal().endPosition();
                assertEquals(here, sites.replica("b").journal().endPosition());
            }
            sites.stop("b");
            long before = sites.replica("a").journal().endPosition();
            StoreException refused =
                    assertThrows(StoreException.class, () -> sites.put("a", "alone", BYTES));
            assertEquals(StoreException.Category.UNAVAILABLE, refused.category());
            assertEquals(before + 1, sites.replica("a").journal().endPosition());
            assertThrows(StoreException.class, () -> sites.put("a", "alone too", BYTES));
            assertEquals(before + 1, sites.replica("a").journal().endPosition());

            sites.start("b");
            sites.await(() -> sites.replica("a").waitsForStandby());
            sites.put("a", "together", BYTES);
            sites.awaitCaughtUp("b", "a");
            assertTrue(sites.contents("b").containsKey("together"));
        }
    }
}
