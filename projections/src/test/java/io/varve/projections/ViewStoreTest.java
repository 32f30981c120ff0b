package io.varve.projections;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What every host of a view's rows must do. */
class ViewStoreTest {
    @TempDir private Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RowChange put(String key, String value) {
        return new RowChange(bytes(key), bytes(value));
    }

    private static RowChange delete(String key) {
        return new RowChange(bytes(key), null);
    }

    static List<String> read(ViewCursor cursor) {
        List<String> rows = new ArrayList<>();
        try (cursor) {
            for (; cursor.valid(); cursor.next()) {
                rows.add(
                        new String(cursor.key(), StandardCharsets.UTF_8)
                                + "="
                                + new String(cursor.value(), StandardCharsets.UTF_8));
            }
        }
        return rows;
    }

    private static List<String> scan(ViewReader rows, String from, @Nullable String to) {
        return read(rows.scan(bytes(from), to == null ? null : bytes(to)));
    }

    @TestFactory
    Stream<DynamicTest> everyHost() {
        Map<String, Consumer<ViewStore>> rules =
                Map.of(
                        "reads what was written", ViewStoreTest::readsWhatWasWritten,
                        "scans a range in byte order", ViewStoreTest::scansARange,
                        "keeps a snapshot as it was", ViewStoreTest::keepsASnapshot,
                        "keeps an open cursor as it was", ViewStoreTest::keepsACursor,
                        "jumps ahead within the range", ViewStoreTest::seeks,
                        "goes backwards through a range", ViewStoreTest::goesBackwards);
        return rules.entrySet().stream()
                .flatMap(
                        rule ->
                                Stream.of(
                                        DynamicTest.dynamicTest(
                                                "heap " + rule.getKey(),
                                                () -> run(new MemoryViewStore(), rule.getValue())),
                                        DynamicTest.dynamicTest(
                                                "RocksDB " + rule.getKey(),
                                                () -> run(rocks(rule.getKey()), rule.getValue()))));
    }

    private static void goesBackwards(ViewStore store) {
        store.write(List.of(put("a", "1"), put("b", "2"), put("b\u0000", "3"), put("c", "4")));
        store.write(List.of(put("d", "5"), put("e", "6"), delete("d")));
        try (ViewSnapshot snapshot = store.snapshot()) {
            store.write(List.of(put("bb", "later"), delete("a")));
            assertEquals(
                    List.of("e=6", "c=4", "b\u0000=3", "b=2", "a=1"),
                    read(snapshot.scanBack(bytes(""), null)));
            assertEquals(
                    List.of("b\u0000=3", "b=2"), read(snapshot.scanBack(bytes("b"), bytes("c"))));
            assertEquals(List.of("b=2"), read(snapshot.scanBack(bytes("ab"), bytes("b\u0000"))));
            assertEquals(List.of(), read(snapshot.scanBack(bytes("f"), null)));
            assertEquals(List.of(), read(snapshot.scanBack(bytes("b"), bytes("b"))));
            try (ViewCursor cursor = snapshot.scanBack(bytes("b"), null)) {
                cursor.seek(bytes("c"));
                assertArrayEquals(bytes("b\u0000"), cursor.key());
                cursor.seek(bytes("b\u0000"));
                assertArrayEquals(bytes("b"), cursor.key());
                cursor.seek(bytes("b"));
                assertFalse(cursor.valid());
            }
        }
    }

    private RocksViewStore rocks(String name) {
        return RocksViewStore.open(directory.resolve(name), RocksConfig.DEFAULT);
    }

    private static void run(ViewStore store, Consumer<ViewStore> rule) {
        try (store) {
            rule.accept(store);
        }
    }

    private static void readsWhatWasWritten(ViewStore store) {
        store.write(List.of(put("a", "1"), put("b", "")));
        store.write(List.of(put("a", "2"), delete("b"), delete("never")));
        assertArrayEquals(bytes("2"), store.get(bytes("a")));
        assertNull(store.get(bytes("b")));
    }

    private static void scansARange(ViewStore store) {
        store.write(List.of(put("b", "2"), put("\u00e9", "4"), put("a", "1"), put("c", "3")));
        assertEquals(List.of("a=1", "b=2", "c=3", "\u00e9=4"), scan(store, "", null));
        assertEquals(List.of("b=2"), scan(store, "aa", "c"));
        assertEquals(List.of(), scan(store, "x", "b"));
    }

    private static void keepsASnapshot(ViewStore store) {
        store.write(List.of(put("a", "1"), put("b", "1")));
        try (ViewSnapshot snapshot = store.snapshot()) {
            store.write(List.of(put("a", "2"), delete("b"), put("c", "2")));
            assertArrayEquals(bytes("1"), snapshot.get(bytes("a")));
            assertEquals(List.of("a=1", "b=1"), scan(snapshot, "", null));
            assertEquals(List.of("a=2", "c=2"), scan(store, "", null));
        }
    }

    private static void keepsACursor(ViewStore store) {
        store.write(List.of(put("a", "1"), put("b", "1")));
        ViewCursor cursor = store.scan(bytes(""), null);
        store.write(List.of(put("aa", "2"), delete("b")));
        assertEquals(List.of("a=1", "b=1"), read(cursor));
    }

    private static void seeks(ViewStore store) {
        store.write(List.of(put("a", "1"), put("b", "2"), put("c", "3"), put("d", "4")));
        try (ViewCursor cursor = store.scan(bytes("a"), bytes("d"))) {
            cursor.seek(bytes("bb"));
            assertArrayEquals(bytes("c"), cursor.key());
            cursor.seek(bytes("cc"));
            assertFalse(cursor.valid());
        }
    }
}
