package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class BucketPoliciesTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void create() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", "hello").expect(200);
    }

    private static String policy(String statement) {
        return ("{'Version': '2012-10-17', 'Statement': [{" + statement + "}]}").replace('\'', '"');
    }

    private void setPolicy(String statement) {
        client.put("/bucket-a?policy", policy(statement)).expect(204);
    }

    private Answer anonymous(String method, String target) {
        return client.request(method, target).sendUnsigned();
    }

    private Answer other(String method, String target) {
        return client.request(method, target).as(TestClient.OTHER).send();
    }

    @Test
    void givesBackThePolicyAsItWasPut() {
        String text =
                policy(
                        "'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                                + "'Resource':'arn:aws:s3:::bucket-a/*'");
        client.put("/bucket-a?policy", text).expect(204);
        Answer policy = client.get("/bucket-a?policy").expect(200);
        assertEquals(text, policy.text());
        assertEquals("application/json", policy.header("Content-Type"));
        assertEquals("true", client.get("/bucket-a?policyStatus").expect(200).xml("IsPublic"));
        client.delete("/bucket-a?policy").expect(204);
        client.get("/bucket-a?policy").expect(404, "NoSuchBucketPolicy");
        client.delete("/bucket-a?policy").expect(204);
    }

    @Test
    void opensObjectsToEverybody() {
        setPolicy(
                "'Effect':'Allow','Principal':'*','Action':['s3:GetObject'],"
                        + "'Resource':['arn:aws:s3:::bucket-a/*']");
        assertEquals("hello", anonymous("GET", "/bucket-a/key").expect(200).text());
        anonymous("GET", "/bucket-a/absent").expect(403, "AccessDenied");
        anonymous("GET", "/bucket-a").expect(403, "AccessDenied");
        anonymous("PUT", "/bucket-a/key").expect(403, "AccessDenied");
    }

    @Test
    void tellsWhatIsMissingToWhoMayList() {
        setPolicy(
                "'Effect':'Allow','Principal':'*','Action':['s3:GetObject','s3:ListBucket'],"
                        + "'Resource':['arn:aws:s3:::bucket-a','arn:aws:s3:::bucket-a/*']");
        anonymous("GET", "/bucket-a/absent").expect(404, "NoSuchKey");
        assertEquals(List.of("key"), anonymous("GET", "/bucket-a").expect(200).all("Key"));
    }

    @Test
    void withoutPrincipalLetsOtherAccountsCopyButNotAnybody() {
        setPolicy(
                "'Effect':'Allow','Action':['s3:GetObject','s3:ListBucket'],"
                        + "'Resource':['arn:aws:s3:::bucket-a','arn:aws:s3:::bucket-a/*']");
        other("PUT", "/bucket-b").expect(200);
        other("GET", "/bucket-a").expect(200);
        client.request("PUT", "/bucket-b/copy")
                .as(TestClient.OTHER)
                .header("x-amz-copy-source", "/bucket-a/key")
                .send()
                .expect(200);
        assertEquals("hello", other("GET", "/bucket-b/copy").text());
        anonymous("GET", "/bucket-a/key").expect(403, "AccessDenied");
        client.delete("/bucket-a?policy").expect(204);
        client.request("PUT", "/bucket-b/copy")
                .as(TestClient.OTHER)
                .header("x-amz-copy-source", "/bucket-a/key")
                .send()
                .expect(403, "AccessDenied");
    }

    @Test
    void deniesDeletingToTheOwnerToo() {
        setPolicy(
                "'Effect':'Deny','Action':['s3:DeleteObject','s3:DeleteObjectVersion'],"
                        + "'Resource':'arn:aws:s3:::bucket-a/*'");
        client.delete("/bucket-a/key").expect(403, "AccessDenied");
        Answer many =
                client.post("/bucket-a?delete", "<Delete><Object><Key>key</Key></Object></Delete>")
                        .expect(200);
        assertEquals(List.of("AccessDenied"), many.all("Code"));
        assertEquals("hello", client.get("/bucket-a/key").expect(200).text());
        client.put("/bucket-a/other", "x").expect(200);
        client.delete("/bucket-a?policy").expect(204);
        client.delete("/bucket-a/key").expect(204);
    }

    @Test
    void neverLocksTheOwnerOutOfThePolicy() {
        setPolicy("'Effect':'Deny','Principal':'*','Action':'*','Resource':'*'");
        client.get("/bucket-a").expect(403, "AccessDenied");
        client.get("/bucket-a?policy").expect(200);
        other("DELETE", "/bucket-a?policy").expect(403, "AccessDenied");
        client.delete("/bucket-a?policy").expect(204);
        client.get("/bucket-a").expect(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'StringLike':{'aws:Referer':'http://good.example/*'}|Referer|"
                        + "http://good.example/x|200",
                "'StringLike':{'aws:Referer':'http://good.example/*'}|Referer|"
                        + "http://bad.example/|403",
                "'StringEquals':{'aws:UserAgent':'probe'}|User-Agent|probe|200",
                "'IpAddress':{'aws:SourceIp':'203.0.113.0/24'}|X-Unused|x|403",
                "'Bool':{'aws:SecureTransport':'true'}|X-Unused|x|403",
                "'Null':{'s3:x-amz-website-redirect-location':'true'}|X-Unused|x|200",
                "'StringEquals':{'s3:ExistingObjectTag/class':'open'}|X-Unused|x|200",
                "'StringEquals':{'s3:ExistingObjectTag/class':'closed'}|X-Unused|x|403"
            })
    void asksTheRequestWhatItsConditionsName(
            String condition, String header, String value, int status) {
        client.put(
                        "/bucket-a/key?tagging",
                        "<Tagging><TagSet><Tag><Key>class</Key><Value>open</Value></Tag></TagSet>"
                                + "</Tagging>")
                .expect(200);
        setPolicy(
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                        + "'Resource':'arn:aws:s3:::bucket-a/*','Condition':{"
                        + condition
                        + "}");
        client.request("GET", "/bucket-a/key").header(header, value).sendUnsigned().expect(status);
    }

    @Test
    void letsPutOnlyWithTheAclThatThePolicyAsksFor() {
        setPolicy(
                "'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::account-2:root'},"
                        + "'Action':['s3:PutObject','s3:PutObjectAcl'],"
                        + "'Resource':'arn:aws:s3:::bucket-a/*',"
                        + "'Condition':{'StringEquals':{'s3:x-amz-acl':'public-read'}}");
        other("PUT", "/bucket-a/new").expect(403, "AccessDenied");
        client.request("PUT", "/bucket-a/new")
                .as(TestClient.OTHER)
                .header("x-amz-acl", "public-read")
                .body("x")
                .send()
                .expect(200);
        anonymous("GET", "/bucket-a/new").expect(200);
        anonymous("PUT", "/bucket-a/new").expect(403, "AccessDenied");
    }

    @Test
    void letsListOnlyThePrefixThatThePolicyNames() {
        setPolicy(
                "'Effect':'Allow','Principal':'*','Action':'s3:ListBucket',"
                        + "'Resource':'arn:aws:s3:::bucket-a',"
                        + "'Condition':{'StringLike':{'s3:prefix':'public/*'}}");
        anonymous("GET", "/bucket-a?prefix=public/x").expect(200);
        anonymous("GET", "/bucket-a?prefix=private/").expect(403, "AccessDenied");
        anonymous("GET", "/bucket-a").expect(403, "AccessDenied");
    }

    @Test
    void tellsAVersionFromTheObject() {
        client.put(
                        "/bucket-a?versioning",
                        "<VersioningConfiguration><Status>Enabled</Status>"
                                + "</VersioningConfiguration>")
                .expect(200);
        String version = client.put("/bucket-a/key", "v2").expect(200).header("x-amz-version-id");
        setPolicy(
                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                        + "'Resource':'arn:aws:s3:::bucket-a/*'");
        anonymous("GET", "/bucket-a/key").expect(200);
        anonymous("GET", "/bucket-a/key?versionId=" + version).expect(403, "AccessDenied");
    }

    @Test
    void refusesWhatIsNoPolicyOrTooLong() {
        client.put("/bucket-a?policy", "no json").expect(400, "MalformedPolicy");
        client.put("/bucket-a?policy", policy("'Effect':'Allow'")).expect(400, "MalformedPolicy");
        String statement = "'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'arn:%s'";
        client.put("/bucket-a?policy", policy(statement.formatted("x".repeat(21_000))))
                .expect(400, "MalformedPolicy");
        other("PUT", "/bucket-a?policy").expect(403, "AccessDenied");
    }

    @Test
    void refusesAPublicPolicyWhereThatIsBlocked() {
        client.put(
                        "/bucket-a?publicAccessBlock",
                        "<PublicAccessBlockConfiguration><BlockPublicPolicy>true"
                                + "</BlockPublicPolicy></PublicAccessBlockConfiguration>")
                .expect(200);
        client.put(
                        "/bucket-a?policy",
                        policy(
                                "'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                                        + "'Resource':'arn:aws:s3:::bucket-a/*'"))
                .expect(403, "AccessDenied");
    }
}
