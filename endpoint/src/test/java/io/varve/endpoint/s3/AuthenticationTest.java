package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

class AuthenticationTest {
    private static final Instant NOW = TestClient.NOW;
    private static final String TARGET = "/bucket-a/key";
    private static final String HOST = "localhost:9000";
    private static final String DAY = "20260304";

    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void putObject() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put(TARGET, "x").expect(200);
    }

    private static TreeMap<String, String> signed(Instant at) {
        return new TreeMap<>(
                Map.of(
                        "host",
                        HOST,
                        "x-amz-date",
                        TestSigner.basic(at),
                        "x-amz-content-sha256",
                        Digests.EMPTY_SHA256));
    }

    private static String authorization(Map<String, String> headers, Instant at) {
        return new TestSigner(TestClient.ROOT, "fra")
                .authorization("GET", TARGET, new TreeMap<>(headers), Digests.EMPTY_SHA256, at);
    }

    private static TestRequest withHeaders(Map<String, String> headers) {
        TestRequest request = TestRequest.of("GET", TARGET);
        headers.forEach(request::header);
        return request;
    }

    @Test
    void deniesWhoSaysNothing() {
        client.raw(TestRequest.of("GET", TARGET).header("Host", HOST)).expect(403, "AccessDenied");
        client.raw(TestRequest.of("GET", "/").header("Host", HOST)).expect(403, "AccessDenied");
        client.raw(TestRequest.of("PUT", "/new-bucket").header("Host", HOST))
                .expect(403, "AccessDenied");
        client.raw(TestRequest.of("GET", "/absent/key").header("Host", HOST))
                .expect(404, "NoSuchBucket");
    }

    @Test
    void deniesAnUnknownKey() {
        Answer answer =
                client.request("GET", TARGET)
                        .as(new Credential("NOBODY", "x", "a", "p"))
                        .send()
                        .expect(403, "InvalidAccessKeyId");
        assertEquals("NOBODY", answer.xml("AWSAccessKeyId"));
    }

    @Test
    void deniesAWrongSecretAndShowsWhatItSigned() {
        Answer answer =
                client.request("GET", TARGET)
                        .as(new Credential("ROOTKEY", "wrong", "a", "p"))
                        .send()
                        .expect(403, "SignatureDoesNotMatch");
        assertTrue(answer.xml("CanonicalRequest").startsWith("GET\n/bucket-a/key\n\nhost:"));
        assertTrue(answer.xml("StringToSign").startsWith("AWS4-HMAC-SHA256\n20260304T050607Z\n"));
        assertTrue(answer.text().indexOf("root-secret") < 0);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /bucket-a/key, x-other, 1",
        "GET, /bucket-a/other, x-other, 1",
        "GET, /bucket-a/key?versionId=null, x-other, 1",
        "GET, /bucket-a/key, x-amz-date, 20260304T050608Z",
        "GET, /bucket-a/key, host, other",
        "GET, /bucket-a/key, x-amz-content-sha256, UNSIGNED-PAYLOAD",
    })
    void deniesWhatIsNotAsItWasSigned(String method, String target, String header, String value) {
        Map<String, String> headers = new TreeMap<>(signed(NOW));
        String authorization = authorization(headers, NOW);
        headers.put(header, value);
        TestRequest request = TestRequest.of(method, target);
        headers.forEach(request::header);
        client.raw(request.header("Authorization", authorization))
                .expect(403, "SignatureDoesNotMatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-meta-a", "X-Amz-Acl", "x-amz-copy-source"})
    void deniesAmzHeadersThatAreNotSigned(String header) {
        Map<String, String> headers = signed(NOW);
        Answer answer =
                client.raw(
                                withHeaders(headers)
                                        .header("Authorization", authorization(headers, NOW))
                                        .header(header, "1"))
                        .expect(403, "AccessDenied");
        assertEquals(
                "There were headers present in the request which were not signed",
                answer.xml("Message"));
        assertEquals(header.toLowerCase(java.util.Locale.ROOT), answer.xml("HeadersNotSigned"));
    }

    @Test
    void deniesAHostThatIsNotSigned() {
        Map<String, String> headers = signed(NOW);
        headers.remove("host");
        Answer answer =
                client.raw(
                                withHeaders(headers)
                                        .header("Host", HOST)
                                        .header("Authorization", authorization(headers, NOW)))
                        .expect(403, "AccessDenied");
        assertEquals("host", answer.xml("HeadersNotSigned"));
    }

    @Test
    void mergesAndTrimsHeadersAsTheClientDoes() {
        TreeMap<String, String> headers = signed(NOW);
        headers.put("x-amz-meta-list", "a b,c");
        TestRequest request = withHeaders(signed(NOW));
        request.header("X-Amz-Meta-List", "  a    b ").header("x-amz-meta-list", "c");
        client.raw(request.header("Authorization", authorization(headers, NOW))).expect(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {-900, 900, 0})
    void acceptsAClockThatIsAQuarterOfAnHourOff(long seconds) {
        Instant at = NOW.plusSeconds(seconds);
        client.raw(withHeaders(signed(at)).header("Authorization", authorization(signed(at), at)))
                .expect(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {-901, 901, 86_400, -86_400})
    void deniesAClockThatIsFurtherOff(long seconds) {
        Instant at = NOW.plusSeconds(seconds);
        Answer answer =
                client.raw(
                                withHeaders(signed(at))
                                        .header("Authorization", authorization(signed(at), at)))
                        .expect(403, "RequestTimeTooSkewed");
        assertEquals("900000", answer.xml("MaxAllowedSkewMilliseconds"));
        assertEquals("2026-03-04T05:06:07Z", answer.xml("ServerTime"));
    }

    @Test
    void takesTheDateHeaderInPlaceOfXAmzDate() {
        TreeMap<String, String> headers = signed(NOW);
        headers.remove("x-amz-date");
        headers.put("date", "Wed, 04 Mar 2026 05:06:07 GMT");
        client.raw(withHeaders(headers).header("Authorization", authorization(headers, NOW)))
                .expect(200);
        headers.put("date", "today");
        client.raw(withHeaders(headers).header("Authorization", authorization(headers, NOW)))
                .expect(403, "AccessDenied");
        headers.remove("date");
        client.raw(withHeaders(headers).header("Authorization", authorization(headers, NOW)))
                .expect(403, "AccessDenied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic cm9vdA== | 400 | InvalidArgument",
                "Bearer x | 400 | InvalidArgument",
                "AWS4-HMAC-SHA256 | 400 | AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256 Credential | 400 | AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws4_request | 400 |"
                        + " AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b | 400 |"
                        + " AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256"
                    + " Credential=/20260304/r/s3/aws4_request,SignedHeaders=host,Signature=b | 400"
                    + " | AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256"
                    + " Credential=a/20260304/r/ec2/aws4_request,SignedHeaders=host,Signature=b |"
                    + " 400 | AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256 Credential=a/20260304/r/s3/aws3,SignedHeaders=host,Signature=b"
                        + " | 400 | AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256"
                    + " Credential=a/20260305/r/s3/aws4_request,SignedHeaders=host,Signature=b |"
                    + " 400 | AuthorizationHeaderMalformed",
                "AWS4-HMAC-SHA256"
                    + " Credential=a/2026-3-4/r/s3/aws4_request,SignedHeaders=host,Signature=b |"
                    + " 400 | AuthorizationHeaderMalformed",
                "AWS4-ECDSA-P256-SHA256 Credential=a/20260304/s3/aws4_request | 400 |"
                        + " InvalidArgument",
            })
    void refusesAnAuthorizationThatIsNone(String authorization, int status, String code) {
        client.raw(withHeaders(signed(NOW)).header("Authorization", authorization))
                .expect(status, code);
    }

    @Test
    void asksForTheDigestOfTheBody() {
        TreeMap<String, String> headers = signed(NOW);
        headers.remove("x-amz-content-sha256");
        client.raw(withHeaders(headers).header("Authorization", authorization(headers, NOW)))
                .expect(400, "InvalidRequest");
    }

    @Test
    void refusesTwoSignatures() {
        String presigned = presigned("GET", 60);
        TestRequest request = TestRequest.of("GET", presigned);
        signed(NOW).forEach(request::header);
        client.raw(request.header("Authorization", authorization(signed(NOW), NOW)))
                .expect(400, "InvalidArgument");
    }

    @Test
    void refusesASessionToken() {
        client.request("GET", TARGET)
                .header("x-amz-security-token", "x")
                .send()
                .expect(400, "InvalidToken");
    }

    private static String presigned(String method, long seconds) {
        return new TestSigner(TestClient.ROOT, "fra").presigned(method, TARGET, HOST, seconds, NOW);
    }

    private Answer follow(String target) {
        return client.raw(TestRequest.of("GET", target).header("Host", HOST));
    }

    @Test
    void followsAPresignedUrlUntilItExpires() {
        String url = presigned("GET", 60);
        assertEquals("x", follow(url).expect(200).text());
        client.now(NOW.plusSeconds(60));
        follow(url).expect(200);
        client.now(NOW.plusSeconds(61));
        Answer late = follow(url).expect(403, "AccessDenied");
        assertEquals("Request has expired", late.xml("Message"));
        assertEquals("60", late.xml("X-Amz-Expires"));
        assertEquals("2026-03-04T05:07:07Z", late.xml("Expires"));
        client.now(NOW.minus(Duration.ofMinutes(15)));
        follow(url).expect(200);
        client.now(NOW.minus(Duration.ofMinutes(15)).minusSeconds(1));
        assertEquals(
                "Request is not valid yet", follow(url).expect(403, "AccessDenied").xml("Message"));
    }

    @Test
    void limitsAPresignedUrlToAWeek() {
        follow(presigned("GET", 604_800)).expect(200);
        follow(presigned("GET", 604_801)).expect(400, "AuthorizationQueryParametersError");
        follow(presigned("GET", -1)).expect(400, "AuthorizationQueryParametersError");
        follow(presigned("GET", 0)).expect(200);
    }

    @Test
    void bindsAPresignedUrlToItsMethodTargetAndHost() {
        String url = presigned("GET", 60);
        client.raw(TestRequest.of("DELETE", url).header("Host", HOST))
                .expect(403, "SignatureDoesNotMatch");
        client.raw(TestRequest.of("GET", url).header("Host", "other"))
                .expect(403, "SignatureDoesNotMatch");
        follow(url.replace("/key?", "/other?")).expect(403, "SignatureDoesNotMatch");
        follow(url + "&versionId=null").expect(403, "SignatureDoesNotMatch");
        follow(url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))
                .expect(403, "SignatureDoesNotMatch");
    }

    @Test
    void deniesAHeaderThatAPresignedUrlDoesNotSign() {
        client.raw(
                        TestRequest.of("GET", presigned("GET", 60))
                                .header("Host", HOST)
                                .header("x-amz-acl", "private"))
                .expect(403, "AccessDenied");
    }

    @Test
    void putsByAPresignedUrl() {
        client.raw(
                        TestRequest.of("PUT", presigned("PUT", 60))
                                .header("Host", HOST)
                                .body("new".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .expect(200);
        assertEquals("new", client.get(TARGET).text());
    }

    @ParameterizedTest
    @CsvSource({
        "X-Amz-Algorithm=AWS4-HMAC-SHA256, X-Amz-Algorithm=AWS3",
        "X-Amz-Expires=60, X-Amz-Expires=soon",
        "X-Amz-Date=20260304T050607Z, X-Amz-Date=2026",
        "X-Amz-Date=20260304T050607Z, X-Amz-Date=20260305T050607Z",
        "X-Amz-SignedHeaders=host, X-Amz-SignedHeaders=",
        "&X-Amz-Expires=60, ''",
        "%2Faws4_request, %2Faws5_request",
        "%2Fs3%2F, %2Fec2%2F",
        "ROOTKEY%2F, ''",
    })
    void refusesAPresignedUrlThatIsMalformed(String part, String replacement) {
        follow(presigned("GET", 60).replace(part, replacement))
                .expect(400, "AuthorizationQueryParametersError");
    }

    @Test
    void keepsTheSigningKeyOfEachDayRegionAndSecretApart() {
        SigningKeys keys = new SigningKeys();
        CredentialScope scope = new CredentialScope(DAY, "fra");
        SigningKey key = keys.of(TestClient.ROOT, scope);
        keys.keep(TestClient.ROOT, scope, key);
        assertTrue(key == keys.of(TestClient.ROOT, scope));
        Credential changed = new Credential("ROOTKEY", "changed", "account-1", "root");
        assertTrue(!key.sign("x").equals(keys.of(changed, scope).sign("x")));
        CredentialScope elsewhere = new CredentialScope(DAY, "ber");
        assertTrue(!key.sign("x").equals(keys.of(TestClient.ROOT, elsewhere).sign("x")));
    }

    @Test
    void keepsTheSecretOutOfText() {
        assertTrue(TestClient.ROOT.toString().indexOf("root-secret") < 0);
    }
}
