package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.DeviceStats;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.store.Caller;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange.PutPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
