package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The first four are the worked examples of the specification of this signature. */
class SignatureV2Test {
    private static final Credential EXAMPLE =
            new Credential(
                    "AKIAIOSFODNN7EXAMPLE",
                    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    "example",
                    "example");
    private static final S3Config CONFIG =
            new S3Config("us-east-1", List.of("s3.us-west-1.amazonaws.com"), true, "host");
    private static final String HOST = "awsexamplebucket1.s3.us-west-1.amazonaws.com";

    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void putObject() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", "x").expect(200);
    }

    private static Authentication authenticate(TestRequest request, String now) {
        return new Authenticator(Credentials.only(EXAMPLE), CONFIG)
                .authenticate(S3Request.parse(request.build(), CONFIG), Instant.parse(now));
    }

    private static TestRequest example(String method, String target, String date, String sign) {
        return TestRequest.of(method, target)
                .header("Host", HOST)
                .header("Date", date)
                .header("Authorization", "AWS AKIAIOSFODNN7EXAMPLE:" + sign);
    }

    @Test
    void acceptsTheGetExample() {
        assertEquals(
                EXAMPLE,
                authenticate(
                                example(
                                        "GET",
                                        "/photos/puppy.jpg",
                                        "Tue, 27 Mar 2007 19:36:42 +0000",
                                        "qgk2+6Sv9/oM7G3qLEjTH1a1l1g="),
                                "2007-03-27T19:36:42Z")
                        .credential());
    }

    @Test
    void acceptsThePutExample() {
        authenticate(
                example(
                                "PUT",
                                "/photos/puppy.jpg",
                                "Tue, 27 Mar 2007 21:15:45 +0000",
                                "iqRzw+ileNPu1fhspnRs8nOjjIA=")
                        .header("Content-Type", "image/jpeg")
                        .header("Content-Length", "94328"),
                "2007-03-27T21:15:45Z");
    }

    @Test
    void acceptsTheListExample() {
        authenticate(
                example(
                        "GET",
                        "/?prefix=photos&max-keys=50&marker=puppy",
                        "Tue, 27 Mar 2007 19:42:41 +0000",
                        "m0WP8eCtspQl5Ahe6L1SozdX9YA="),
                "2007-03-27T19:42:41Z");
    }

    @Test
    void acceptsTheSubresourceExample() {
        authenticate(
                example(
                        "GET",
                        "/?acl",
                        "Tue, 27 Mar 2007 19:44:46 +0000",
                        "82ZHiFIjc+WbcwFKGUVEQspPn+0="),
                "2007-03-27T19:44:46Z");
    }

    private static String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            byte[] secret = "root-secret".getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What boto3 signs for a bucket, of which it sends the path without the slash. */
    @Test
    void acceptsABucketSignedWithASlashThatIsNotSent() {
        String expires = Long.toString(TestClient.NOW.getEpochSecond());
        for (String path : new String[] {"/bucket-a", "/bucket-a/"}) {
            String signature = sign("GET\n\n\n" + expires + "\n" + path + "?acl");
            ask("/bucket-a?acl", expires, signature).expect(200);
        }
        String ofAnother = sign("GET\n\n\n" + expires + "\n/bucket-b/?acl");
        ask("/bucket-a?acl", expires, ofAnother).expect(403, "SignatureDoesNotMatch");
        String ofTheKey = sign("GET\n\n\n" + expires + "\n/bucket-a/key/");
        ask("/bucket-a/key?x=y", expires, ofTheKey).expect(403, "SignatureDoesNotMatch");
    }

    private Answer ask(String target, String expires, String signature) {
        return client.raw(
                TestRequest.of(
                                "GET",
                                target
                                        + "&AWSAccessKeyId=ROOTKEY&Expires="
                                        + expires
                                        + "&Signature="
                                        + TestSigner.escape(signature))
                        .header("Host", "localhost"));
    }

    private Answer follow(String method, String expires, String signature) {
        return client.raw(
                TestRequest.of(
                                method,
                                "/bucket-a/key?AWSAccessKeyId=ROOTKEY&Expires="
                                        + expires
                                        + "&Signature="
                                        + TestSigner.escape(signature)
                                        + "&response-content-type=text%2Fplain")
                        .header("Host", "localhost"));
    }

    @Test
    void followsAPresignedUrlUntilItExpires() {
        String expires = Long.toString(TestClient.NOW.getEpochSecond());
        String signature =
                sign("GET\n\n\n" + expires + "\n/bucket-a/key?response-content-type=text/plain");
        assertEquals(
                "text/plain", follow("GET", expires, signature).expect(200).header("Content-Type"));
        follow("PUT", expires, signature).expect(403, "SignatureDoesNotMatch");
        client.now(TestClient.NOW.plusSeconds(1));
        assertEquals(
                "Request has expired",
                follow("GET", expires, signature).expect(403, "AccessDenied").xml("Message"));
    }

    @ParameterizedTest
    @CsvSource({"soon", "''", "-1", "99999999999999999", "1e9"})
    void refusesAnExpiryThatIsNone(String expires) {
        follow("GET", expires, sign("GET\n\n\n" + expires + "\n/bucket-a/key"))
                .expect(403, "AccessDenied");
    }

    private Answer get(String authorization, String date) {
        TestRequest request =
                TestRequest.of("GET", "/bucket-a/key")
                        .header("Host", "localhost")
                        .header("x-amz-meta-b", " two  words ")
                        .header("X-Amz-Meta-A", "1")
                        .header("x-amz-date", date)
                        .header("Authorization", authorization);
        return client.raw(request);
    }

    @Test
    void coversEveryAmzHeader() {
        String date = "Wed, 04 Mar 2026 05:06:07 GMT";
        String signed =
                "GET\n\n\n\nx-amz-date:"
                        + date
                        + "\nx-amz-meta-a:1\nx-amz-meta-b:two words\n/bucket-a/key";
        get("AWS ROOTKEY:" + sign(signed), date).expect(200);
        String without = "GET\n\n\n\nx-amz-date:" + date + "\n/bucket-a/key";
        get("AWS ROOTKEY:" + sign(without), date).expect(403, "SignatureDoesNotMatch");
        get("AWS NOBODY:" + sign(signed), date).expect(403, "InvalidAccessKeyId");
        get("AWS ROOTKEY", date).expect(400, "InvalidArgument");
        get("AWS ROOTKEY:" + sign(signed), "today").expect(403, "AccessDenied");
        client.now(TestClient.NOW.plusSeconds(901));
        get("AWS ROOTKEY:" + sign(signed), date).expect(403, "RequestTimeTooSkewed");
    }

    @Test
    void takesUnsignedChunksButNoSignedOnes() {
        for (String mode :
                List.of(
                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER")) {
            String date = "Wed, 04 Mar 2026 05:06:07 GMT";
            String signed =
                    "GET\n\n\n" + date + "\nx-amz-content-sha256:" + mode + "\n/bucket-a/key";
            Answer answer =
                    client.raw(
                            TestRequest.of("GET", "/bucket-a/key")
                                    .header("Host", "localhost")
                                    .header("Date", date)
                                    .header("x-amz-content-sha256", mode)
                                    .header("Authorization", "AWS ROOTKEY:" + sign(signed)));
            assertEquals(mode.contains("UNSIGNED") ? 200 : 400, answer.status(), mode);
        }
    }

    @Test
    void isRefusedWhereItIsSwitchedOff() {
        TestClient strict =
                new TestClient(
                        new InMemoryStore(), new S3Config("fra", List.of(), true, false, "host"));
        strict.raw(
                        TestRequest.of("GET", "/")
                                .header("Host", "localhost")
                                .header("Authorization", "AWS ROOTKEY:x"))
                .expect(400, "InvalidRequest");
        strict.raw(
                        TestRequest.of("GET", "/?AWSAccessKeyId=ROOTKEY&Expires=1&Signature=x")
                                .header("Host", "localhost"))
                .expect(400, "InvalidRequest");
    }
}
