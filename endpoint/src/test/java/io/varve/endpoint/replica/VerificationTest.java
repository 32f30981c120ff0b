package io.varve.endpoint.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.projections.RowChange;
import io.varve.projections.ViewCursor;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

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
import java.util.stream.Stream;

/** What is wrong at a standby is found, named, and where it is a blob put right. */
@Tag("slow")
final class VerificationTest {
    private static final byte[] ROTTEN =
            "these bytes rot at the standby, both copies of them".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path directory;
    private TwoSites sites;

    @BeforeEach
    void open() throws IOException {
        sites = new TwoSites(directory, "");
        sites.createBucket("a");
        for (int i = 0; i < 20; i++) {
            sites.put("a", "key" + i, new byte[] {(byte) i, 1});
        }
        sites.put("a", "rotten", ROTTEN);
        sites.awaitCaughtUp("b", "a");
    }

    @AfterEach
    void close() {
        sites.close();
    }

    private JsonNode verify(boolean deep) {
        sites.await(() -> sites.replica("b").lag().isPresent());
        sites.replica("b").verify(deep);
        sites.await(() -> !sites.replica("b").verification().path("running").asBoolean());
        JsonNode found = sites.replica("b").verification();
        assertEquals("", found.path("failure").asText());
        return found.path("last");
    }

    @Test
    void aRowThatRottedIsNamedThoughTheDigestThatIsKeptSaysNothing() throws Exception {
        sites.stop("b");
        ViewDirectory view = new ViewDirectory(directory.resolve("b").resolve("view"));
        try (RocksViewStore store = view.openLive(RocksConfig.DEFAULT)) {
            store.write(List.of(new RowChange(row(store, "key7"), null)));
        }
        sites.start("b");
        assertTrue(verify(false).path("passed").asBoolean());
        JsonNode found = verify(true);
        assertFalse(found.path("passed").asBoolean());
        assertEquals(1, found.at("/rows/different").asLong(), found::toString);
        assertEquals(
                "missing: current object box/key7",
                found.at("/rows/different_rows/0").asText(),
                found::toString);
        assertEquals(1, found.at("/rows/different_ranges").size());
    }

    /** Of the current object of a key. */
    private static byte[] row(RocksViewStore store, String key) {
        byte[] suffix = key.getBytes(StandardCharsets.UTF_8);
        try (ViewCursor rows = store.scan(new byte[] {'o'}, new byte[] {'o' + 1})) {
            for (; rows.valid(); rows.next()) {
                byte[] row = rows.key();
                if (Arrays.equals(
                        suffix, 0, suffix.length, row, row.length - suffix.length, row.length)) {
                    return row;
                }
            }
        }
        throw new AssertionError("there is no row of " + key);
    }

    @Test
    void aBlobWithoutAGoodCopyIsBroughtAgain() throws Exception {
        int before = requireNonNull(sites.contents("b").get("rotten"));
        sites.stop("b");
        assertEquals(2, rot(directory.resolve("b")));
        sites.start("b");
        JsonNode found = verify(true);
        assertEquals(1, found.path("damaged").asLong() + found.path("missing").asLong());
        assertEquals(1, found.path("repaired").asLong(), found::toString);
        assertTrue(found.path("passed").asBoolean());
        assertEquals(before, sites.contents("b").get("rotten"));

        JsonNode again = verify(true);
        assertEquals(0, again.path("damaged").asLong() + again.path("missing").asLong());
        var passed = sites.replica("b").lastFullPass();
        sites.stop("b");
        sites.start("b");
        assertEquals(passed, sites.replica("b").lastFullPass());
    }

    /** Changes a byte of each copy on the devices of a site; how many there were. */
    private static int rot(Path site) throws IOException {
        int found = 0;
        try (Stream<Path> files = Files.walk(site)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(site.resolve("d0")) && !file.startsWith(site.resolve("d1"))) {
                    continue;
                }
                byte[] bytes = Files.readAllBytes(file);
                int at = indexOf(bytes);
                if (at >= 0) {
                    bytes[at + 5] ^= 0x20;
                    Files.write(file, bytes);
                    found++;
                }
            }
        }
        return found;
    }

    private static int indexOf(byte[] bytes) {
        for (int at = 0; at + ROTTEN.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + ROTTEN.length, ROTTEN, 0, ROTTEN.length)) {
                return at;
            }
        }
        return -1;
    }
}
