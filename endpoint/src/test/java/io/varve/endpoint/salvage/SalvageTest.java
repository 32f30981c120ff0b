package io.varve.endpoint.salvage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.devices.DeviceStats;
import io.varve.endpoint.cli.CommandRun;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.RetentionSettings;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.site.TestPools;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.StoreConfig;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A site whose journal and view are lost; only its devices are left. */
final class SalvageTest {
    private static final int BLOB_BYTES = 16 << 10;
    private static final Credential OWNER = new Credential("KEY", "secret", "root", "root");
    private static final String CLASS = "x-amz-storage-class";

    @TempDir private Path directory;
    private Path lost;
    private Path made;

    @BeforeEach
    void makeDirectories() {
        lost = directory.resolve("lost");
        made = directory.resolve("made");
    }

    private EmbeddedSite open(Path where) {
        SiteConfig config = SiteConfig.of(where);
        return EmbeddedSite.open(
                config.withPool(config.pool().withSegmentSizeBytes(1 << 20).withLowSpaceBytes(0))
                        .withStore(
                                new StoreConfig(
                                        BLOB_BYTES, 8 << 20, 4 << 20, 10_000, 2, NameScope.SITE))
                        .withRetention(new RetentionSettings(Duration.ZERO, Duration.ZERO))
                        .withLowSpaceBytes(0));
    }

    private static TestClient client(EmbeddedSite site) {
        return TestClient.of(site.store(), List.of(OWNER));
    }

    private static byte[] content(int seed, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Answer put(TestClient s3, String target, byte[] content, String storageClass) {
        return s3.request("PUT", target)
                .header(CLASS, storageClass)
                .body(content)
                .send()
                .expect(200);
    }

    /** Waits until the window has closed over what was removed: the devices have it no more. */
    private static void awaitCopies(EmbeddedSite site, long copies) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (copies(site) != copies) {
            assertTrue(System.nanoTime() < deadline, "copies: " + copies(site));
            Thread.onSpinWait();
        }
    }

    private static long copies(EmbeddedSite site) {
        return site.devices().stream().mapToLong(DeviceStats::blobCount).sum();
    }

    private JsonNode salvage(String... more) throws Exception {
        String[] arguments =
                Stream.concat(
                                Stream.of("salvage", "--data", lost.toString(), "--json"),
                                Stream.of(more))
                        .toArray(String[]::new);
        CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), run.output());
        return Json.read(run.output());
    }

    private static JsonNode object(JsonNode report, String key) {
        for (JsonNode object : report.path("objects")) {
            if (object.path("key").asText().equals(key)) {
                return object;
            }
        }
        throw new AssertionError("not listed: " + key + " in " + report);
    }

    private static void loseJournal(Path site) throws IOException {
        remove(site.resolve("journal"));
        remove(site.resolve("view"));
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private Path device(int id) throws IOException {
        try (Stream<Path> files = Files.walk(lost.resolve("devices"))) {
            return files.filter(path -> path.endsWith("label.0"))
                    .map(Path::getParent)
                    .sorted()
                    .toList()
                    .get(id);
        }
    }

    private String upload(TestClient s3, String target, String storageClass, byte[]... parts) {
        String upload =
                s3.request("POST", target + "?uploads")
                        .header(CLASS, storageClass)
                        .send()
                        .expect(200)
                        .xml("UploadId");
        StringBuilder named = new StringBuilder();
        for (int number = 1; number <= parts.length; number++) {
            String etag =
                    s3.request("PUT", target + "?partNumber=" + number + "&uploadId=" + upload)
                            .body(parts[number - 1])
                            .send()
                            .expect(200)
                            .etag();
            named.append(
                    "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
                            .formatted(number, etag));
        }
        s3.request("POST", target + "?uploadId=" + upload)
                .body("<CompleteMultipartUpload>" + named + "</CompleteMultipartUpload>")
                .send()
                .expect(200);
        return s3.head(target).etag();
    }

    @Test
    void objectsOfAllPoolsComeBackUnderTheirNames() throws Exception {
        String uploadEtag;
        byte[] first = content(3, 5 << 20);
        byte[] second = content(4, 70_000);
        try (EmbeddedSite site = open(lost)) {
            TestPools.addShards(site, "cold", 4, 2, "");
            TestClient s3 = client(site);
            s3.put("/photos", "").expect(200);
            put(s3, "/photos/a/small", content(1, 1000), "STANDARD");
            put(s3, "/photos/a/large", content(2, 10 * BLOB_BYTES), "cold");
            put(s3, "/photos/%C3%A9t%C3%A9", content(5, 2 * BLOB_BYTES + 1), "STANDARD");
            uploadEtag = upload(s3, "/photos/parts", "cold", first, second);
        }
        loseJournal(lost);
        JsonNode listed = salvage();
        assertEquals(4, listed.path("objects_whole").asInt(), listed::toString);
        assertEquals(0, listed.path("objects_incomplete").asInt());
        assertTrue(object(listed, "parts").path("upload").asBoolean());
        assertEquals(10 * BLOB_BYTES, object(listed, "a/large").path("size").asInt());
        String bucketId = object(listed, "parts").path("bucket_id").asText();
        JsonNode report = salvage("--into", made.toString(), "--bucket", bucketId + "=photos");
        assertEquals(4, report.path("recovered").path("objects").asInt());
        try (EmbeddedSite site = open(made)) {
            TestClient s3 = client(site);
            assertArrayEquals(content(1, 1000), s3.get("/photos/a/small").expect(200).body());
            assertArrayEquals(
                    content(2, 10 * BLOB_BYTES), s3.get("/photos/a/large").expect(200).body());
            assertArrayEquals(
                    content(5, 2 * BLOB_BYTES + 1),
                    s3.get("/photos/%C3%A9t%C3%A9").expect(200).body());
            Answer parts = s3.get("/photos/parts").expect(200);
            assertEquals(uploadEtag, parts.etag());
            assertEquals(first.length + second.length, parts.body().length);
            assertArrayEquals(second, s3.get("/photos/parts?partNumber=2").expect(206).body());
        }
    }

    @Test
    void theNewestWholeVersionWinsAndOthersCanBeHad() throws Exception {
        try (EmbeddedSite site = open(lost)) {
            TestClient s3 = client(site);
            s3.put("/lost", "").expect(200);
            s3.put(
                            "/lost?versioning",
                            "<VersioningConfiguration><Status>Enabled</Status>"
                                    + "</VersioningConfiguration>")
                    .expect(200);
            for (int i = 1; i <= 5; i++) {
                put(s3, "/lost/key", content(i, 100 + i), "STANDARD");
            }
        }
        loseJournal(lost);
        JsonNode report = salvage("--into", made.toString(), "--all-versions");
        assertEquals(5, object(report, "key").path("versions").asInt());
        assertEquals(5, report.path("recovered").path("versions").asInt());
        String bucket = object(report, "key").path("bucket").asText();
        try (EmbeddedSite site = open(made)) {
            TestClient s3 = client(site);
            assertArrayEquals(content(5, 105), s3.get("/" + bucket + "/key").expect(200).body());
            Answer versions = s3.get("/" + bucket + "?versions").expect(200);
            assertEquals(
                    List.of("105", "104", "103", "102", "101"),
                    versions.all("Size"),
                    "newest first");
        }
    }

    /** The device was away while the others dropped what it still has. */
    @Test
    void whatIsKnownToBeDeletedStaysDeleted() throws Exception {
        Path aside = directory.resolve("aside");
        try (EmbeddedSite site = open(lost)) {
            TestClient s3 = client(site);
            s3.put("/lost", "").expect(200);
            put(s3, "/lost/kept", content(1, 100), "STANDARD");
            for (int i = 0; i < 40; i++) {
                put(s3, "/lost/gone" + i, content(2, 3000), "STANDARD");
            }
        }
        copy(device(0), aside);
        try (EmbeddedSite site = open(lost)) {
            TestClient s3 = client(site);
            for (int i = 0; i < 40; i++) {
                s3.delete("/lost/gone" + i).expect(204);
            }
            awaitCopies(site, 3);
        }
        remove(device(0));
        Files.move(aside, lost.resolve("devices").resolve("stale"));
        loseJournal(lost);
        JsonNode listed = salvage();
        assertEquals(1, listed.path("objects").size(), listed::toString);
        assertEquals("kept", listed.path("objects").path(0).path("key").asText());
        assertTrue(listed.path("blobs_deleted").asInt() >= 40);
    }

    @Test
    void whatIsNotWholeIsListedAndLeftOut() throws Exception {
        try (EmbeddedSite site = open(lost)) {
            TestPools.addCopies(site, "thin", 1, "");
            TestClient s3 = client(site);
            s3.put("/lost", "").expect(200);
            put(s3, "/lost/good", content(1, 3 * BLOB_BYTES), "STANDARD");
            put(s3, "/lost/thin", content(2, 60 * BLOB_BYTES), "thin");
        }
        loseJournal(lost);
        remove(device(4));
        JsonNode report = salvage("--into", made.toString());
        assertEquals(1, report.path("objects_whole").asInt());
        assertEquals(1, report.path("objects_incomplete").asInt());
        JsonNode thin = object(report, "thin");
        assertFalse(thin.path("whole").asBoolean());
        assertTrue(thin.path("missing").asText().contains("missing"), thin::toString);
        assertEquals(1, report.path("recovered").path("objects").asInt());
    }

    @Test
    void aSiteIsNotSalvagedIntoOneThatIsThere() throws Exception {
        open(lost).close();
        open(made).close();
        CommandRun run =
                CommandRun.of("salvage", "--data", lost.toString(), "--into", made.toString());
        assertEquals(1, run.exitCode());
        assertTrue(run.output().contains("is not empty"), run.output());
    }
}
