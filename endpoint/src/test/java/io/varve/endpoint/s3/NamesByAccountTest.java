package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.MemorySite;
import io.varve.endpoint.store.NameScope;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** A site where every account has names of its own. */
final class NamesByAccountTest {
    @TempDir Path directory;
    private MemorySite site;
    private TestClient client;

    @BeforeEach
    void open() {
        site = new MemorySite(directory, NameScope.ACCOUNT);
        client = new TestClient(site.store());
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", "mine").expect(200);
        client.request("PUT", "/bucket-a").as(TestClient.OTHER).send().expect(200);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Answer other(String method, String target) {
        return client.request(method, target).as(TestClient.OTHER).send();
    }

    private void open(String resource) {
        String policy =
                "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                        + "'Resource':'"
                        + resource
                        + "'}]}";
        client.put("/bucket-a?policy", policy.replace('\'', '"')).expect(204);
    }

    @Test
    void aNameIsSoughtInTheCallersAccount() {
        assertEquals("mine", client.get("/bucket-a/key").expect(200).text());
        other("GET", "/bucket-a/key").expect(404, "NoSuchKey");
        client.request("PUT", "/bucket-a").send().expect(409, "BucketAlreadyOwnedByYou");
        other("DELETE", "/bucket-a").expect(204);
        client.head("/bucket-a").expect(200);
        String names = client.get("/").expect(200).text();
        assertTrue(names.contains("<Name>bucket-a</Name>"), names);
        assertFalse(other("GET", "/").expect(200).text().contains("bucket-a"));
    }

    @Test
    void anAccountBeforeTheNameFindsAnothersBucket() {
        other("GET", "/account-1:bucket-a/key").expect(403, "AccessDenied");
        open("arn:aws:s3:::bucket-a/*");
        assertEquals("mine", other("GET", "/account-1:bucket-a/key").expect(200).text());
        assertEquals("mine", other("GET", "/account-1%3Abucket-a/key").expect(200).text());
        client.request("GET", "/bucket-a/key").sendUnsigned().expect(404, "NoSuchBucket");
        Answer anonymous = client.request("GET", "/account-1:bucket-a/key").sendUnsigned();
        assertEquals("mine", anonymous.expect(200).text());
    }

    @Test
    void copiesComeFromAnothersBucket() {
        open("arn:aws:s3:::bucket-a/*");
        client.request("PUT", "/bucket-a/copy")
                .as(TestClient.OTHER)
                .header("x-amz-copy-source", "account-1:bucket-a/key")
                .send()
                .expect(200);
        assertEquals("mine", other("GET", "/bucket-a/copy").expect(200).text());
    }

    @Test
    void nobodyMakesABucketInAnothersAccount() {
        other("PUT", "/account-1:bucket-b").expect(400, "InvalidBucketName");
    }
}
