package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceStats;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.store.Caller;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;
import io.varve.projections.topology.Pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** A site with a pool of one copy beside its default one of three. */
final class StorageClassesTest {
    private static final String CLASS = "x-amz-storage-class";
    private static final String NONE = "(none)";

    @TempDir private Path directory;
    private EmbeddedSite site;
    private TestClient s3;

    @BeforeEach
    void open() {
        SiteConfig config = SiteConfig.of(directory);
        site =
                EmbeddedSite.open(
                        config.withPool(
                                        config.pool()
                                                .withSegmentSizeBytes(1 << 20)
                                                .withLowSpaceBytes(0))
                                .withLowSpaceBytes(0));
        s3 = TestClient.of(site.store(), List.of(TwoProtocols.OWNER));
        PutPool lean =
                new PutPool(1, "lean", "copies_over_hosts", new PoolScheme.Copies(1), 1, "", "", 0);
        assertNull(site.topology().change("test", lean));
        assertTrue(site.topology().settle(Duration.ofSeconds(30)));
        s3.put("/bucket", "").expect(200);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private long copies() {
        return site.devices().stream().mapToLong(DeviceStats::blobCount).sum();
    }

    private Answer put(String key, String storageClass) {
        return s3.request("PUT", "/bucket/" + key).header(CLASS, storageClass).body("hello").send();
    }

    @Test
    void anObjectIsInThePoolThatItsClassNames() {
        put("plain", "STANDARD").expect(200);
        assertEquals(3, copies());
        put("thin", "lean").expect(200);
        assertEquals(4, copies());
        assertEquals("hello", s3.request("GET", "/bucket/thin").send().expect(200).text());
        assertEquals("lean", s3.request("HEAD", "/bucket/thin").send().expect(200).header(CLASS));
        assertEquals(NONE, s3.request("HEAD", "/bucket/plain").send().expect(200).header(CLASS));
        Answer listed = s3.request("GET", "/bucket?list-type=2").send().expect(200);
        assertEquals("[STANDARD, lean]", listed.all("StorageClass").toString());
        s3.request("DELETE", "/bucket/thin").send().expect(204);
    }

    @Test
    void aClassThatIsNotThereIsRefused() {
        put("x", "GLACIER").expect(400, "InvalidStorageClass");
        assertEquals(0, copies());
    }

    @Test
    void aCopyIsInThePoolThatItsOwnClassNames() {
        put("thin", "lean").expect(200);
        assertEquals(1, copies());
        s3.request("PUT", "/bucket/same")
                .header("x-amz-copy-source", "/bucket/thin")
                .header(CLASS, "lean")
                .send()
                .expect(200);
        assertEquals(1, copies(), "nothing is written where it is the same pool");
        s3.request("PUT", "/bucket/thick")
                .header("x-amz-copy-source", "/bucket/thin")
                .send()
                .expect(200);
        assertEquals(4, copies());
        assertEquals("lean", s3.request("HEAD", "/bucket/same").send().expect(200).header(CLASS));
        assertEquals(NONE, s3.request("HEAD", "/bucket/thick").send().expect(200).header(CLASS));
        s3.request("PUT", "/bucket/thick")
                .header("x-amz-copy-source", "/bucket/thick")
                .header(CLASS, "lean")
                .send()
                .expect(200);
        assertEquals("lean", s3.request("HEAD", "/bucket/thick").send().expect(200).header(CLASS));
        assertEquals("hello", s3.request("GET", "/bucket/thick").send().expect(200).text());
    }

    private Pool lean() {
        return site.topology().current().pool(1).orElseThrow();
    }

    private void setLean(PoolOptions options) {
        PutPool put =
                new PutPool(
                        1,
                        "lean",
                        "copies_over_hosts",
                        new PoolScheme.Copies(1),
                        1,
                        "",
                        "",
                        options,
                        lean().position());
        assertNull(site.topology().change("test", put));
        assertTrue(site.topology().settle(Duration.ofSeconds(30)));
    }

    @Test
    void aPoolIsKnownByItsOtherNamesToo() {
        setLean(new PoolOptions(List.of("STANDARD_IA"), null, false));
        put("thin", "STANDARD_IA").expect(200);
        assertEquals(1, copies());
        assertEquals("STANDARD_IA", s3.head("/bucket/thin").expect(200).header(CLASS));
    }

    @Test
    void aClosedPoolTakesNothingAndGivesWhatItHas() {
        put("before", "lean").expect(200);
        String upload =
                s3.request("POST", "/bucket/big?uploads")
                        .header(CLASS, "lean")
                        .send()
                        .expect(200)
                        .xml("UploadId");
        setLean(PoolOptions.NONE.withClosed(true));
        put("late", "lean").expect(400, "InvalidStorageClass");
        s3.put("/bucket/big?partNumber=1&uploadId=" + upload, "part")
                .expect(400, "InvalidStorageClass");
        assertEquals("hello", s3.request("GET", "/bucket/before").send().expect(200).text());
        s3.request("DELETE", "/bucket/before").send().expect(204);
        setLean(PoolOptions.NONE);
        s3.put("/bucket/big?partNumber=1&uploadId=" + upload, "part").expect(200);
    }

    /** Another endpoint may not know yet that the pool was closed: the record decides. */
    @Test
    void whatARecordBringsToAClosedPoolIsRefusedAndReleased() {
        long bucket =
                site.store()
                        .view()
                        .buckets(TwoProtocols.OWNER.account(), "", null, 1)
                        .getFirst()
                        .id();
        BlobId id = BlobId.create(1, 1, new Random(1));
        setLean(PoolOptions.NONE.withClosed(true));
        ObjectChange.PutObject late =
                new ObjectChange.PutObject(
                        bucket,
                        "late",
                        "5d41402abc4b2a76b9719d911017c592",
                        new Manifest(1, List.of(new BlobRef(id.high(), id.low(), 5, 0))),
                        Attributes.NONE,
                        List.of(),
                        Precondition.NONE);
        Outcome outcome =
                site.changes().submit(new Draft(new RequestId(7, 7), "test", late)).join();
        assertEquals(new Outcome.Refused(Refusal.STORAGE_CLASS_CLOSED), outcome);
        assertEquals(1, site.poolContents().named(lean()), "released, and not dropped yet");
    }

    @Test
    void aPoolIsInUseWhileAnythingNamesABlobOfIt() {
        assertNull(site.poolContents().hindrance(lean()));
        put("thin", "lean").expect(200);
        String held = String.valueOf(site.poolContents().hindrance(lean()));
        assertTrue(held.contains("1 blob"), held);
        assertEquals(1, site.poolContents().named(lean()));
        s3.request("DELETE", "/bucket/thin").send().expect(204);
        assertEquals(1, site.poolContents().named(lean()), "the window still keeps it");
    }

    @Test
    void aBucketGivesItsClassToItsObjects() {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put(Attributes.STORAGE_CLASS, "lean");
        String account = TwoProtocols.OWNER.account();
        site.store()
                .change(
                        new Caller(account, "test", new RequestId(1, 2)),
                        new BucketChange.CreateBucket(
                                site.store().names().storedName(account, "other"),
                                account,
                                settings));
        s3.put("/other/o", "hello").expect(200);
        assertEquals(1, copies());
        assertEquals("lean", s3.head("/other/o").expect(200).header(CLASS));
        String upload = s3.post("/other/big?uploads", "").expect(200).xml("UploadId");
        s3.put("/other/big?partNumber=1&uploadId=" + upload, "part").expect(200);
        assertEquals(2, copies());
    }
}
