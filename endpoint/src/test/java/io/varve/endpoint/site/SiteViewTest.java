package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A whole site whose view is lost or damaged while it is away. */
final class SiteViewTest {
    private static final int OBJECT_COUNT = 40;

    @TempDir Path directory;

    private SiteStack stack;
    private SiteObjects objects;
    private List<ObjectVersion> before = List.of();

    @BeforeEach
    void fillAndClose() throws IOException {
        stack = new SiteStack(SiteStack.small(directory));
        objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.put("k" + i, 1000 + i);
        }
        objects.put("k7", 1007);
        objects.delete("k8");
        before = listed();
        stack.close();
    }

    @AfterEach
    void close() {
        stack.close();
    }

    private List<ObjectVersion> listed() {
        return stack.store()
                .view()
                .list(new ListQuery(objects.bucketId(), "", "", null, 1000))
                .objects();
    }

    private Path view() {
        return stack.config().viewDirectory();
    }

    private void requireAllIsThere() throws IOException {
        assertEquals(before, listed());
        assertEquals(OBJECT_COUNT - 1, before.size());
        assertFalse(objects.exists("k8"));
        objects.requireReadable("k7", 1007);
        objects.requireReadable("k39", 1039);
    }

    @Test
    void comesBackWithoutItsView() throws IOException {
        try (Stream<Path> paths = Files.walk(view())) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        stack.reopen();
        requireAllIsThere();
    }

    @Test
    void makesAViewAnewThatCannotBeOpened() throws IOException {
        Path live = view().resolve("namespace");
        Files.writeString(live.resolve("CURRENT"), "nonsense\n");
        stack.reopen();
        requireAllIsThere();
        assertTrue(Files.isDirectory(view().resolve("namespace.set-aside")));
    }
}
