package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class PartsCacheTest {
    private final PartsCache cache = new PartsCache();
    private int reads;

    private static List<Part> parts(int count) {
        return Collections.nCopies(count, new Part(1, 1, "etag", 1, List.of()));
    }

    private List<Part> get(long uploadId, int count) {
        return cache.get(
                uploadId,
                () -> {
                    reads++;
                    return parts(count);
                });
    }

    @Test
    void readsThePartsOfAnObjectOnce() {
        assertSame(get(1, 10_000), get(1, 10_000));
        assertEquals(1, reads);
    }

    @Test
    void letsGoOfWhatWasNotReadForLongest() {
        for (int upload = 1; upload <= 5; upload++) {
            get(upload, 10_000);
        }
        get(1, 10_000);
        get(6, 10_000);
        assertEquals(50_000, cache.partCount());
        get(1, 10_000);
        assertEquals(6, reads);
        get(2, 10_000);
        assertEquals(7, reads);
    }

    @Test
    void doesNotRememberThatThereWereNone() {
        get(1, 0);
        assertEquals(3, get(1, 3).size());
    }
}
