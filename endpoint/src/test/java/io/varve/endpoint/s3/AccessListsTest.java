package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class AccessListsTest {
    private static final String ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void create() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", "hello").expect(200);
    }

    private Answer anonymous(String method, String target) {
        return client.request(method, target).sendUnsigned();
    }

    private Answer other(String method, String target) {
        return client.request(method, target).as(TestClient.OTHER).send();
    }

    private void setAcl(String target, String canned) {
        client.request("PUT", target + "?acl").header("x-amz-acl", canned).send().expect(200);
    }

    @Test
    void letsEverybodyReadAnObjectThatIsPublicAndNothingElse() {
        anonymous("GET", "/bucket-a/key").expect(403, "AccessDenied");
        setAcl("/bucket-a/key", "public-read");
        assertEquals("hello", anonymous("GET", "/bucket-a/key").expect(200).text());
        anonymous("HEAD", "/bucket-a/key").expect(200);
        assertEquals("hello", other("GET", "/bucket-a/key").expect(200).text());
        anonymous("GET", "/bucket-a").expect(403, "AccessDenied");
        anonymous("DELETE", "/bucket-a/key").expect(403, "AccessDenied");
        anonymous("GET", "/bucket-a/key?acl").expect(403, "AccessDenied");
        setAcl("/bucket-a/key", "private");
        anonymous("GET", "/bucket-a/key").expect(403, "AccessDenied");
    }

    @Test
    void showsTheAclThatWasSet() {
        setAcl("/bucket-a/key", "public-read");
        Answer acl = client.get("/bucket-a/key?acl").expect(200);
        assertEquals(List.of("FULL_CONTROL", "READ"), acl.all("Permission"));
        assertEquals(List.of(ALL_USERS), acl.all("URI"));
        assertTrue(acl.text().contains("xsi:type=\"Group\""), acl.text());
        client.put("/bucket-a?acl", acl.text()).expect(200);
        assertEquals(acl.all("Permission"), client.get("/bucket-a?acl").all("Permission"));
    }

    @Test
    void keepsVersionAndLastModificationWhenTheAclChanges() {
        Answer before = client.head("/bucket-a/key").expect(200);
        setAcl("/bucket-a/key", "public-read");
        Answer after = client.head("/bucket-a/key").expect(200);
        assertEquals(before.header("Last-Modified"), after.header("Last-Modified"));
        assertEquals(before.etag(), after.etag());
    }

    @Test
    void letsEverybodyListABucketThatIsPublicButNotReadItsObjects() {
        setAcl("/bucket-a", "public-read");
        assertEquals(List.of("key"), anonymous("GET", "/bucket-a?list-type=2").all("Key"));
        anonymous("HEAD", "/bucket-a").expect(200);
        anonymous("GET", "/bucket-a/key").expect(403, "AccessDenied");
        anonymous("GET", "/bucket-a/absent").expect(404, "NoSuchKey");
        anonymous("PUT", "/bucket-a/new").expect(403, "AccessDenied");
    }

    @Test
    void letsEverybodyPutIntoABucketThatIsOpen() {
        setAcl("/bucket-a", "public-read-write");
        client.request("PUT", "/bucket-a/new").body("x").sendUnsigned().expect(200);
        assertEquals("x", client.get("/bucket-a/new").expect(200).text());
        anonymous("DELETE", "/bucket-a/new").expect(204);
        anonymous("DELETE", "/bucket-a").expect(403, "AccessDenied");
    }

    @Test
    void tellsAuthenticatedUsersFromAnybody() {
        setAcl("/bucket-a/key", "authenticated-read");
        other("GET", "/bucket-a/key").expect(200);
        anonymous("GET", "/bucket-a/key").expect(403, "AccessDenied");
    }

    @Test
    void grantsToAnAccountByHeaders() {
        client.request("PUT", "/bucket-a/key?acl")
                .header("x-amz-grant-read", "id=\"account-2\", uri=\"" + ALL_USERS + "\"")
                .header("x-amz-grant-write-acp", "id=account-2")
                .send()
                .expect(200);
        other("GET", "/bucket-a/key").expect(200);
        other("GET", "/bucket-a/key?acl").expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/key?acl")
                .as(TestClient.OTHER)
                .header("x-amz-acl", "private")
                .send()
                .expect(200);
        other("GET", "/bucket-a/key").expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/key?acl")
                .header("x-amz-grant-read", "emailAddress=a@b.c")
                .send()
                .expect(400, "UnresolvableGrantByEmailAddress");
        client.request("PUT", "/bucket-a/key?acl")
                .header("x-amz-grant-read", "id=account-2")
                .header("x-amz-acl", "private")
                .send()
                .expect(400, "InvalidRequest");
    }

    @Test
    void setsTheAclOfWhatIsNewWithPutCopyAndUpload() {
        client.request("PUT", "/bucket-a/put")
                .header("x-amz-acl", "public-read")
                .body("p")
                .send()
                .expect(200);
        anonymous("GET", "/bucket-a/put").expect(200);
        client.request("PUT", "/bucket-a/copy")
                .header("x-amz-copy-source", "/bucket-a/put")
                .send()
                .expect(200);
        anonymous("GET", "/bucket-a/copy").expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/copy2")
                .header("x-amz-copy-source", "/bucket-a/put")
                .header("x-amz-acl", "public-read")
                .send()
                .expect(200);
        anonymous("GET", "/bucket-a/copy2").expect(200);
        String id =
                client.request("POST", "/bucket-a/parts?uploads")
                        .header("x-amz-acl", "public-read")
                        .send()
                        .expect(200)
                        .xml("UploadId");
        String target = "/bucket-a/parts?uploadId=" + id;
        String etag = client.put(target + "&partNumber=1", "x").expect(200).header("ETag");
        client.post(
                        target,
                        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                                + etag
                                + "</ETag></Part></CompleteMultipartUpload>")
                .expect(200);
        anonymous("GET", "/bucket-a/parts").expect(200);
        client.request("PUT", "/bucket-b").header("x-amz-acl", "public-read").send().expect(200);
        anonymous("GET", "/bucket-b").expect(200);
    }

    @Test
    void refusesWhatIsNoAcl() {
        client.put("/bucket-a?acl", "<AccessControlPolicy/>").expect(400, "MalformedACLError");
        client.put("/bucket-a?acl", "<Other/>").expect(400, "MalformedXML");
        String acl = client.get("/bucket-a?acl").text();
        client.put("/bucket-a?acl", acl.replace("FULL_CONTROL", "EVERYTHING"))
                .expect(400, "MalformedACLError");
        client.put("/bucket-a?acl", acl.replace("account-1", "account-2"))
                .expect(403, "AccessDenied");
    }

    @Test
    void letsAReaderLookAndAnAdministratorDoAll() {
        client.request("GET", "/bucket-a/key").as(TestClient.READER).send().expect(200);
        client.request("GET", "/bucket-a?versioning").as(TestClient.READER).send().expect(200);
        client.request("PUT", "/bucket-a/new")
                .as(TestClient.READER)
                .body("x")
                .send()
                .expect(403, "AccessDenied");
        client.request("PUT", "/bucket-c").as(TestClient.READER).send().expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/new").as(TestClient.ADMIN).body("x").send().expect(200);
        client.request("DELETE", "/bucket-a/new").as(TestClient.ADMIN).send().expect(204);
    }

    @Test
    void honoursTheBlockOfPublicAccess() {
        setAcl("/bucket-a/key", "public-read");
        client.put(
                        "/bucket-a?publicAccessBlock",
                        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
                                + "<IgnorePublicAcls>TRUE</IgnorePublicAcls>"
                                + "</PublicAccessBlockConfiguration>")
                .expect(200);
        anonymous("GET", "/bucket-a/key").expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/key?acl")
                .header("x-amz-acl", "public-read")
                .send()
                .expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/new")
                .header("x-amz-acl", "public-read")
                .body("x")
                .send()
                .expect(403, "AccessDenied");
        Answer rules = client.get("/bucket-a?publicAccessBlock").expect(200);
        assertEquals("true", rules.xml("IgnorePublicAcls"));
        assertEquals("false", rules.xml("BlockPublicPolicy"));
        client.delete("/bucket-a?publicAccessBlock").expect(204);
        anonymous("GET", "/bucket-a/key").expect(200);
    }

    @Test
    void refusesAclsWhereTheBucketsOwnerIsEnforced() {
        String controls =
                "<OwnershipControls><Rule><ObjectOwnership>%s</ObjectOwnership></Rule>"
                        + "</OwnershipControls>";
        client.put("/bucket-a?ownershipControls", controls.formatted("Nobody"))
                .expect(400, "MalformedXML");
        client.put("/bucket-a?ownershipControls", controls.formatted("BucketOwnerEnforced"))
                .expect(200);
        assertEquals(
                "BucketOwnerEnforced",
                client.get("/bucket-a?ownershipControls").xml("ObjectOwnership"));
        client.request("PUT", "/bucket-a/key?acl")
                .header("x-amz-acl", "public-read")
                .send()
                .expect(400, "AccessControlListNotSupported");
        setAcl("/bucket-a/key", "private");
    }
}
