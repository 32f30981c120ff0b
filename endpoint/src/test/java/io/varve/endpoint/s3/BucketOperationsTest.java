package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class BucketOperationsTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    private void createBuckets(String... names) {
        for (String name : names) {
            client.request("PUT", "/" + name).send().expect(200);
        }
    }

    @Test
    void createsABucketAndListsIt() {
        Answer created = client.request("PUT", "/bucket-a").send().expect(200);
        assertEquals("/bucket-a", created.header("Location"));
        Answer list = client.get("/").expect(200);
        assertEquals(List.of("bucket-a"), list.all("Name"));
        assertEquals(List.of("fra"), list.all("BucketRegion"));
        assertEquals("account-1", list.xml("ID"));
        assertTrue(list.xml("CreationDate").endsWith(".000Z"), list.xml("CreationDate"));
    }

    @Test
    void namesEveryAnswerByItsRequestId() {
        Answer list = client.get("/").expect(200);
        assertEquals("0123456789ABCDEF1122334455667788", list.header("x-amz-request-id"));
        assertEquals("host-1", list.header("x-amz-id-2"));
        Answer error = client.get("/absent").expect(404, "NoSuchBucket");
        assertEquals("0123456789ABCDEF1122334455667788", error.xml("RequestId"));
        assertEquals("host-1", error.xml("HostId"));
        assertEquals("absent", error.xml("BucketName"));
        assertEquals("/absent", error.xml("Resource"));
    }

    @Test
    void refusesABucketThatExists() {
        createBuckets("bucket-a");
        client.request("PUT", "/bucket-a").send().expect(409, "BucketAlreadyOwnedByYou");
        client.request("PUT", "/bucket-a")
                .as(TestClient.OTHER)
                .send()
                .expect(409, "BucketAlreadyExists");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "-start",
                "end-",
                ".dot",
                "two..dots",
                "192.168.5.4",
                "xn--bucket",
                "bucket-s3alias",
                "bucket--ol-s3",
                "a%20b",
                "b%C3%BCcket",
                "bucket--asof-20260101t000000z",
                "bucket--ASOF-20260101T000000Z",
                "a123456789b123456789c123456789d123456789e123456789f123456789g123"
            })
    void refusesANameThatIsNone(String name) {
        client.request("PUT", "/" + name).send().expect(400, "InvalidBucketName");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iNNOVO-Test", "under_score", "A.B", "abc", "1.2.3"})
    void acceptsLegacyNamesWhenAllowed(String name) {
        createBuckets(name);
        client.head("/" + name).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iNNOVO-Test", "under_score"})
    void refusesLegacyNamesWhenNotAllowed(String name) {
        TestClient strict =
                new TestClient(
                        new InMemoryStore(), new S3Config("fra", List.of(), false, "host-1"));
        strict.request("PUT", "/" + name).send().expect(400, "InvalidBucketName");
    }

    @Test
    void takesItsOwnRegionOrTheSignedOneAsLocation() {
        String form =
                "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + "<LocationConstraint>%s</LocationConstraint></CreateBucketConfiguration>";
        client.put("/bucket-a", form.formatted("fra")).expect(200);
        client.put("/bucket-b", form.formatted("eu-test-1")).expect(200);
        client.put("/bucket-c", form.formatted("us-west-2"))
                .expect(400, "InvalidLocationConstraint");
        assertEquals("fra", client.get("/bucket-a?location").xml("LocationConstraint"));
    }

    @Test
    void givesNoLocationInTheDefaultRegion() {
        TestClient standard =
                new TestClient(
                        new InMemoryStore(), new S3Config("us-east-1", List.of(), true, "host-1"));
        standard.request("PUT", "/bucket-a").send().expect(200);
        assertEquals("", standard.get("/bucket-a?location").xml("LocationConstraint"));
    }

    @Test
    void pagesThroughBuckets() {
        createBuckets("b-1", "b-2", "b-3", "other", "b-4x");
        Answer first = client.get("/?max-buckets=2&prefix=b").expect(200);
        assertEquals(List.of("b-1", "b-2"), first.all("Name"));
        Answer second =
                client.get(
                                "/?continuation-token="
                                        + first.xml("ContinuationToken")
                                        + "&max-buckets=2&prefix=b")
                        .expect(200);
        assertEquals(List.of("b-3", "b-4x"), second.all("Name"));
        assertEquals(List.of(), second.all("ContinuationToken"));
        assertEquals("b", second.xml("Prefix"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "-1", "x", ""})
    void refusesAWrongNumberOfBuckets(String number) {
        client.get("/?max-buckets=" + number).expect(400, "InvalidArgument");
    }

    @Test
    void listsNoBucketsOfAnotherRegionOrAccount() {
        createBuckets("bucket-a");
        assertEquals(List.of(), client.get("/?bucket-region=elsewhere").all("Name"));
        assertEquals(List.of("bucket-a"), client.get("/?bucket-region=fra").all("Name"));
        assertEquals(List.of(), client.request("GET", "/").as(TestClient.OTHER).send().all("Name"));
    }

    @Test
    void tellsTheRegionOfABucket() {
        createBuckets("bucket-a");
        assertEquals("fra", client.head("/bucket-a").expect(200).header("x-amz-bucket-region"));
        assertEquals(404, client.head("/absent").status());
    }

    @Test
    void deniesAnotherAccountsBucket() {
        createBuckets("bucket-a");
        for (String target : List.of("/bucket-a", "/bucket-a/key", "/bucket-a?versioning")) {
            client.request("GET", target).as(TestClient.OTHER).send().expect(403, "AccessDenied");
        }
    }

    @Test
    void deniesABucketWithAnotherOwnerThanExpected() {
        createBuckets("bucket-a");
        client.request("GET", "/bucket-a")
                .header("x-amz-expected-bucket-owner", "account-1")
                .send()
                .expect(200);
        client.request("GET", "/bucket-a")
                .header("x-amz-expected-bucket-owner", "account-2")
                .send()
                .expect(403, "AccessDenied");
    }

    @Test
    void deletesAnEmptyBucketOnly() {
        createBuckets("bucket-a");
        client.put("/bucket-a/key", "x").expect(200);
        client.delete("/bucket-a").expect(409, "BucketNotEmpty");
        client.delete("/bucket-a/key").expect(204);
        client.delete("/bucket-a").expect(204);
        client.delete("/bucket-a").expect(404, "NoSuchBucket");
    }

    @Test
    void tellsAndSetsVersioning() {
        createBuckets("bucket-a");
        assertEquals(List.of(), client.get("/bucket-a?versioning").expect(200).all("Status"));
        for (String status : List.of("Enabled", "Suspended")) {
            client.put("/bucket-a?versioning", versioning(status)).expect(200);
            assertEquals(status, client.get("/bucket-a?versioning").xml("Status"));
        }
    }

    private static String versioning(String status) {
        return "<VersioningConfiguration><Status>" + status + "</Status></VersioningConfiguration>";
    }

    @Test
    void refusesAVersioningThatIsNone() {
        createBuckets("bucket-a");
        client.put("/bucket-a?versioning", versioning("On")).expect(400, "MalformedXML");
        client.put("/bucket-a?versioning", "<VersioningConfiguration/>")
                .expect(400, "IllegalVersioningConfigurationException");
        client.put("/bucket-a?versioning", "").expect(400, "MalformedXML");
        client.put(
                        "/bucket-a?versioning",
                        "<VersioningConfiguration><Status>Enabled</Status>"
                                + "<MfaDelete>Enabled</MfaDelete></VersioningConfiguration>")
                .expect(501, "NotImplemented");
    }

    @Test
    void refusesObjectLockAtCreation() {
        client.request("PUT", "/bucket-a")
                .header("x-amz-bucket-object-lock-enabled", "true")
                .send()
                .expect(501, "NotImplemented");
    }

    @Test
    void tellsWhatIsNotSet() {
        createBuckets("bucket-a");
        client.get("/bucket-a?policy").expect(404, "NoSuchBucketPolicy");
        client.get("/bucket-a?policyStatus").expect(404, "NoSuchBucketPolicy");
        client.get("/bucket-a?tagging").expect(404, "NoSuchTagSet");
        client.get("/bucket-a?lifecycle").expect(404, "NoSuchLifecycleConfiguration");
        client.get("/bucket-a?cors").expect(404, "NoSuchCORSConfiguration");
        client.get("/bucket-a?encryption")
                .expect(404, "ServerSideEncryptionConfigurationNotFoundError");
        client.get("/bucket-a?object-lock").expect(404, "ObjectLockConfigurationNotFoundError");
        client.get("/bucket-a?publicAccessBlock")
                .expect(404, "NoSuchPublicAccessBlockConfiguration");
        client.get("/bucket-a?ownershipControls").expect(404, "OwnershipControlsNotFoundError");
        client.get("/bucket-a?website").expect(404, "NoSuchWebsiteConfiguration");
        client.get("/bucket-a?replication").expect(404, "ReplicationConfigurationNotFoundError");
        assertEquals(
                "BucketOwner", client.get("/bucket-a?requestPayment").expect(200).xml("Payer"));
        for (String empty : List.of("accelerate", "logging", "notification")) {
            client.get("/bucket-a?" + empty).expect(200);
        }
        for (String setting : List.of("policy", "tagging", "cors")) {
            client.delete("/bucket-a?" + setting).expect(204);
        }
        for (String setting : List.of("lifecycle", "encryption")) {
            client.delete("/bucket-a?" + setting).expect(204);
            client.put("/bucket-a?" + setting, "x").expect(501, "NotImplemented");
        }
        client.get("/absent?policy").expect(404, "NoSuchBucket");
    }

    @Test
    void givesTheOwnersFullControl() {
        createBuckets("bucket-a");
        client.put("/bucket-a/key", "x").expect(200);
        for (String target : List.of("/bucket-a?acl", "/bucket-a/key?acl")) {
            Answer acl = client.get(target).expect(200);
            assertEquals(List.of("FULL_CONTROL"), acl.all("Permission"));
            assertEquals(List.of("account-1", "account-1"), acl.all("ID"));
            assertTrue(acl.text().contains("xsi:type=\"CanonicalUser\""), acl.text());
            client.put(target, acl.text()).expect(200);
            client.request("PUT", target).header("x-amz-acl", "private").send().expect(200);
            client.request("PUT", target)
                    .header("x-amz-acl", "publik")
                    .send()
                    .expect(400, "InvalidArgument");
            client.request("PUT", target).send().expect(400, "MissingSecurityHeader");
        }
        client.get("/bucket-a/absent?acl").expect(404, "NoSuchKey");
    }
}
