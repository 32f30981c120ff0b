package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.StoreConfig;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** A whole site and the scope of its names. */
final class NameScopeTest {
    @TempDir Path directory;
    private long requests;

    private RequestId nextRequest() {
        return new RequestId(7, ++requests);
    }

    private SiteConfig config(NameScope names) {
        StoreConfig store = SiteStack.small(directory).store();
        return SiteStack.small(directory)
                .withStore(
                        new StoreConfig(
                                store.blobSizeBytes(),
                                store.writeMemoryBytes(),
                                store.readMemoryBytes(),
                                store.memoryWaitMs(),
                                store.blobsInFlightMax(),
                                names));
    }

    private Outcome create(ObjectStore store, String account) {
        return store.change(
                new Caller(account, "test", nextRequest()),
                new BucketChange.CreateBucket(store.names().storedName(account, "b"), account));
    }

    @Test
    void aSiteDoesNotOpenInAnotherScopeWhileItHasABucket() {
        try (EmbeddedSite site = EmbeddedSite.open(config(NameScope.SITE))) {
            create(site.store(), "one");
        }
        SiteException refusal =
                assertThrows(
                        SiteException.class,
                        () -> EmbeddedSite.open(config(NameScope.ACCOUNT)).close());
        String told = String.valueOf(refusal.getMessage());
        assertTrue(told.contains("namespace.buckets"), told);
        try (EmbeddedSite site = EmbeddedSite.open(config(NameScope.SITE))) {
            Bucket bucket = site.store().bucket("one", "b").orElseThrow();
            site.store()
                    .change(
                            new Caller("one", "test", nextRequest()),
                            new BucketChange.DeleteBucket(bucket.id()));
        }
        try (EmbeddedSite site = EmbeddedSite.open(config(NameScope.ACCOUNT))) {
            create(site.store(), "one");
        }
        assertThrows(SiteException.class, () -> EmbeddedSite.open(config(NameScope.SITE)).close());
    }

    @Test
    void namesOfAccountsAreThereAgainAfterARestart() {
        try (EmbeddedSite site = EmbeddedSite.open(config(NameScope.ACCOUNT))) {
            create(site.store(), "one");
            create(site.store(), "two");
        }
        try (EmbeddedSite site = EmbeddedSite.open(config(NameScope.ACCOUNT))) {
            ObjectStore store = site.store();
            assertTrue(create(store, "two") instanceof Outcome.Refused);
            assertEquals("b", store.bucket("two", "b").orElseThrow().name());
            assertEquals(
                    List.of("one/b", "two/b"),
                    store.view().buckets(null, "", null, 10).stream()
                            .map(Bucket::storedName)
                            .toList());
        }
    }
}
