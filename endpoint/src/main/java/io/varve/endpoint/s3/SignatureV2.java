package io.varve.endpoint.s3;

import io.varve.endpoint.s3.QueryParameters.Parameter;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The older signature: an HMAC-SHA1 over method, a few headers, the path and some parameters. It
 * covers neither the body nor the host, which is why S3 has replaced it, and why a site can switch
 * it off; but boto3 still presigns so unless told otherwise, and desktop programs are set up so.
 * Every {@code x-amz-*} header is covered.
 */
final class SignatureV2 {
    private static final String MECHANISM = "AWS ";
    private static final String HMAC = "HmacSHA1";

    /** The parameters that are signed; the others do not change what a request is. */
    private static final Set<String> SIGNED_PARAMETERS =
            Set.of(
                    "accelerate",
                    "acl",
                    "analytics",
                    "cors",
                    "defaultObjectAcl",
                    "delete",
                    "encryption",
                    "intelligent-tiering",
                    "inventory",
                    "legal-hold",
                    "lifecycle",
                    "location",
                    "logging",
                    "metrics",
                    "notification",
                    "object-lock",
                    "ownershipControls",
                    "partNumber",
                    "policy",
                    "policyStatus",
                    "publicAccessBlock",
                    "replication",
                    "requestPayment",
                    "response-cache-control",
                    "response-content-disposition",
                    "response-content-encoding",
                    "response-content-language",
                    "response-content-type",
                    "response-expires",
                    "restore",
                    "retention",
                    "select",
                    "select-type",
                    "storageClass",
                    "tagging",
                    "torrent",
                    "uploadId",
                    "uploads",
                    "versionId",
                    "versioning",
                    "versions",
                    "website");

    private SignatureV2() {}

    /** Whether a request is signed so, rightly or not. */
    static boolean claimedBy(S3Request request) {
        String authorization = request.header("authorization");
        return authorization != null
                ? authorization.startsWith(MECHANISM)
                : request.query().has("AWSAccessKeyId") && request.query().has("Signature");
    }

    /**
     * @param date the line of the signed string that says when: a date, empty where x-amz-date says
     *     it, or the second at which a presigned URL expires
     */
    private record Claim(String accessKey, String signature, String date) {}

    private record Shown(String accessKey, List<String> stringsToSign, String signature)
            implements Proof {
        @Override
        public boolean madeWith(String secretKey) {
            return stringsToSign.stream()
                    .anyMatch(text -> ChunkSigner.sameSignature(sign(secretKey, text), signature));
        }
    }

    static Authentication authenticate(
            S3Request request, Credentials credentials, String region, Instant now) {
        String authorization = request.header("authorization");
        Claim claim =
                authorization != null
                        ? ofHeader(request, authorization, now)
                        : ofQuery(request, now);
        Shown proof =
                new Shown(
                        claim.accessKey(), stringsToSign(request, claim.date()), claim.signature());
        Credential credential = credentials.find(claim.accessKey()).orElse(null);
        if (credential == null || !proof.madeWith(credential.secretKey())) {
            credential = vouched(credentials, proof);
        }
        CredentialScope scope = new CredentialScope(Timestamps.basic(now).substring(0, 8), region);
        return new Authentication(credential, scope, payload(request), null);
    }

    private static Credential vouched(Credentials credentials, Shown proof) {
        return switch (credentials.vouch(proof)) {
            case Vouching.Vouched(Credential credential) -> credential;
            case Vouching.UnknownKey() -> throw Authenticator.unknownKey(proof.accessKey());
            case Vouching.WrongSignature() ->
                    throw S3Error.SIGNATURE_DOES_NOT_MATCH
                            .refusal()
                            .with("AWSAccessKeyId", proof.accessKey())
                            .with("StringToSign", proof.stringsToSign().getFirst())
                            .with("SignatureProvided", proof.signature());
        };
    }

    private static Claim ofHeader(S3Request request, String authorization, Instant now) {
        String pair = authorization.substring(MECHANISM.length()).strip();
        int colon = pair.lastIndexOf(':');
        if (colon <= 0) {
            throw S3Refusal.invalidArgument(
                    "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
                    "Authorization",
                    authorization);
        }
        String amzDate = request.header("x-amz-date");
        String httpDate = request.headerOrEmpty("date");
        Instant date = date(amzDate == null ? httpDate : amzDate);
        SignatureClaims.requireSkewWithin(date, now);
        return new Claim(
                pair.substring(0, colon),
                pair.substring(colon + 1),
                amzDate == null ? httpDate : "");
    }

    private static Instant date(String text) {
        return Timestamps.parseHttp(text)
                .or(() -> Timestamps.parseBasic(text))
                .orElseThrow(
                        () ->
                                S3Error.ACCESS_DENIED.refusal(
                                        "AWS authentication requires a valid Date or x-amz-date"
                                                + " header"));
    }

    private static Claim ofQuery(S3Request request, Instant now) {
        QueryParameters query = request.query();
        String text = query.firstOrEmpty("Expires");
        Optional<Instant> expires = seconds(text);
        if (expires.isEmpty()) {
            throw S3Error.ACCESS_DENIED.refusal(
                    "Invalid date (should be seconds since epoch): " + text);
        }
        if (now.isAfter(expires.get())) {
            throw S3Error.ACCESS_DENIED
                    .refusal("Request has expired")
                    .with("Expires", Timestamps.isoSeconds(expires.get()))
                    .with("ServerTime", Timestamps.isoSeconds(now));
        }
        return new Claim(
                query.firstOrEmpty("AWSAccessKeyId"), query.firstOrEmpty("Signature"), text);
    }

    private static Optional<Instant> seconds(String text) {
        try {
            long seconds = Long.parseLong(text);
            Duration year = Duration.ofDays(365);
            // What lies further off than any calendar of ours is an error of whoever made it.
            return seconds < 0 || seconds > year.multipliedBy(7000).toSeconds()
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochSecond(seconds));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * As it was sent; and boto3, which names a bucket by /bucket, signs /bucket/. Both name the
     * same bucket, so it is as safe to take the one as the other.
     */
    private static List<String> stringsToSign(S3Request request, String date) {
        String path = request.http().rawPath();
        String asSent = stringToSign(request, date, path);
        boolean bucket =
                !request.address().virtualHost()
                        && !request.address().bucket().isEmpty()
                        && request.address().key().isEmpty()
                        && !path.endsWith("/");
        return bucket ? List.of(asSent, stringToSign(request, date, path + "/")) : List.of(asSent);
    }

    private static String stringToSign(S3Request request, String date, String path) {
        StringBuilder out = new StringBuilder(256);
        out.append(request.method()).append('\n');
        out.append(request.headerOrEmpty("content-md5")).append('\n');
        out.append(request.headerOrEmpty("content-type")).append('\n');
        out.append(date).append('\n');
        for (Map.Entry<String, List<String>> header : new TreeMap<>(request.headers()).entrySet()) {
            if (header.getKey().startsWith("x-amz-")) {
                out.append(header.getKey()).append(':');
                CanonicalRequest.appendValues(out, header.getValue());
                out.append('\n');
            }
        }
        appendResource(out, request, path);
        return out.toString();
    }

    /** The path as it was sent, the bucket of a virtual host before it. */
    private static void appendResource(StringBuilder out, S3Request request, String path) {
        if (request.address().virtualHost()) {
            out.append('/').append(request.address().bucket());
        }
        out.append(path);
        TreeMap<String, Parameter> signed = new TreeMap<>();
        for (Parameter parameter : request.query().all()) {
            if (SIGNED_PARAMETERS.contains(parameter.name())) {
                signed.putIfAbsent(parameter.name(), parameter);
            }
        }
        char separator = '?';
        for (Parameter parameter : signed.values()) {
            out.append(separator).append(parameter.name());
            if (!parameter.bare()) {
                out.append('=').append(parameter.value());
            }
            separator = '&';
        }
    }

    private static String sign(String secretKey, String stringToSign) {
        SigningKey.requireSecret(secretKey);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), HMAC));
            byte[] signature = mac.doFinal(stringToSign.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** Without a chain to continue, chunks cannot be signed. */
    private static PayloadClaim payload(S3Request request) {
        String contentSha256 = request.header("x-amz-content-sha256");
        if (contentSha256 == null) {
            return new PayloadClaim.Unsigned();
        }
        PayloadClaim claim = PayloadClaim.of(contentSha256);
        if (claim instanceof PayloadClaim.Chunked chunked && chunked.signed()) {
            throw S3Refusal.invalidArgument(
                    "Signed chunks need Signature Version 4.",
                    "x-amz-content-sha256",
                    contentSha256);
        }
        return claim;
    }
}
