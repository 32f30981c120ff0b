package io.varve.endpoint.s3;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what a request claims of its signature, and refuses what is malformed or out of time, with
 * S3's own words for each case.
 */
final class SignatureClaims {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
    static final Duration MAX_SKEW = Duration.ofMinutes(15);
    static final long MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;

    private static final int MAX_SIGNED_HEADERS = 256;
    private static final String CREDENTIAL_FORM =
            "the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
    private static final List<String> QUERY_PARAMETERS =
            List.of(
                    "X-Amz-Algorithm",
                    "X-Amz-Credential",
                    "X-Amz-Signature",
                    "X-Amz-Date",
                    "X-Amz-SignedHeaders",
                    "X-Amz-Expires");

    private SignatureClaims() {}

    /** Whether the request shows anything that would be a signature. */
    static boolean claimedBy(S3Request request) {
        return request.hasHeader("authorization") || inQuery(request);
    }

    private static boolean inQuery(S3Request request) {
        return !request.query().all().isEmpty()
                && QUERY_PARAMETERS.stream().anyMatch(request.query()::has);
    }

    /** Of a request that shows one. */
    static SignatureClaim of(S3Request request, Instant now) {
        String authorization = request.header("authorization");
        boolean inQuery = inQuery(request);
        if (authorization != null && inQuery) {
            throw S3Refusal.invalidArgument(
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter,"
                            + " Signature query string parameter or the Authorization header should"
                            + " be specified",
                    "Authorization",
                    authorization);
        }
        if (authorization != null) {
            return ofHeader(request, authorization, now);
        }
        if (inQuery) {
            return ofQuery(request, now);
        }
        throw S3Error.ACCESS_DENIED.refusal();
    }

    private static SignatureClaim ofHeader(S3Request request, String header, Instant now) {
        int space = header.indexOf(' ');
        String mechanism = space < 0 ? header : header.substring(0, space);
        if (!mechanism.equals(ALGORITHM)) {
            throw S3Refusal.invalidArgument(
                    "Unsupported Authorization Type", "Authorization", header);
        }
        Map<String, String> components = components(header.substring(mechanism.length()));
        String credential = components.getOrDefault("Credential", "");
        String signedHeaders = components.getOrDefault("SignedHeaders", "");
        String signature = components.getOrDefault("Signature", "");
        if (credential.isEmpty() || signedHeaders.isEmpty() || signature.isEmpty()) {
            throw malformedHeader(
                    "the authorization header requires three components: Credential,"
                            + " SignedHeaders, and Signature.");
        }
        String[] parts = credentialParts(credential, SignatureClaims::malformedHeader);
        Instant date = headerDate(request);
        String basicDate = Timestamps.basic(date);
        if (!basicDate.startsWith(parts[1])) {
            throw malformedHeader(
                    "Invalid credential date \""
                            + parts[1]
                            + "\". This date is not the same as X-Amz-Date: \""
                            + basicDate.substring(0, 8)
                            + "\".");
        }
        requireSkewWithin(date, now);
        String payloadHash = request.header("x-amz-content-sha256");
        if (payloadHash == null) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Missing required header for this request: x-amz-content-sha256");
        }
        return new SignatureClaim(
                parts[0],
                new CredentialScope(parts[1], parts[2]),
                basicDate,
                names(signedHeaders),
                signature,
                payloadHash,
                false);
    }

    private static S3Refusal malformedHeader(String what) {
        return S3Error.AUTHORIZATION_HEADER_MALFORMED.refusal(
                "The authorization header is malformed; " + what);
    }

    /** The comma-separated {@code Name=value} pairs; blanks around them do not matter. */
    private static Map<String, String> components(String text) {
        Map<String, String> components = new HashMap<>();
        for (String component : text.split(",", -1)) {
            String pair = component.strip();
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw malformedHeader("the authorization component \"" + pair + "\" is malformed.");
            }
            components.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return components;
    }

    /**
     * Access key, day, region, service, terminator. An access key may itself hold slashes, so the
     * last four parts count.
     */
    private static String[] credentialParts(
            String credential, Function<String, S3Refusal> refusal) {
        String[] all = credential.split("/", -1);
        if (all.length < 5) {
            throw refusal.apply(CREDENTIAL_FORM);
        }
        int day = all.length - 4;
        String accessKey = day == 1 ? all[0] : String.join("/", List.of(all).subList(0, day));
        String[] parts = {accessKey, all[day], all[day + 1], all[day + 2], all[day + 3]};
        if (accessKey.isEmpty() || parts[2].isEmpty()) {
            throw refusal.apply(CREDENTIAL_FORM);
        }
        if (!parts[3].equals(CredentialScope.SERVICE)) {
            throw refusal.apply(
                    "incorrect service \"" + parts[3] + "\". This endpoint belongs to \"s3\".");
        }
        if (!parts[4].equals(CredentialScope.TERMINATOR)) {
            throw refusal.apply(
                    "incorrect terminal \""
                            + parts[4]
                            + "\". This endpoint uses \"aws4_request\".");
        }
        if (!isDay(parts[1])) {
            throw refusal.apply(
                    "incorrect date format \""
                            + parts[1]
                            + "\". This date in the credential must be in the format"
                            + " \"yyyyMMdd\".");
        }
        return parts;
    }

    private static boolean isDay(String text) {
        boolean digits = text.length() == 8;
        for (int i = 0; digits && i < text.length(); i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits;
    }

    /** The time of x-amz-date, or of Date where that is not sent. */
    private static Instant headerDate(S3Request request) {
        String amzDate = request.header("x-amz-date");
        String httpDate = request.header("date");
        Optional<Instant> date = Optional.empty();
        if (amzDate != null) {
            date = Timestamps.parseBasic(amzDate).or(() -> Timestamps.parseHttp(amzDate));
        } else if (httpDate != null) {
            date = Timestamps.parseHttp(httpDate).or(() -> Timestamps.parseBasic(httpDate));
        }
        return date.orElseThrow(
                () ->
                        S3Error.ACCESS_DENIED.refusal(
                                "AWS authentication requires a valid Date or x-amz-date header"));
    }

    static void requireSkewWithin(Instant date, Instant now) {
        if (Duration.between(date, now).abs().compareTo(MAX_SKEW) > 0) {
            throw S3Error.REQUEST_TIME_TOO_SKEWED
                    .refusal()
                    .with("RequestTime", Timestamps.basic(date))
                    .with("ServerTime", Timestamps.isoSeconds(now))
                    .with("MaxAllowedSkewMilliseconds", MAX_SKEW.toMillis());
        }
    }

    private static List<String> names(String signedHeaders) {
        List<String> names = new ArrayList<>();
        for (String name : signedHeaders.split(";", -1)) {
            names.add(name.strip().toLowerCase(Locale.ROOT));
            if (names.size() > MAX_SIGNED_HEADERS) {
                throw malformedHeader("it signs too many headers.");
            }
        }
        return List.copyOf(names);
    }

    private static SignatureClaim ofQuery(S3Request request, Instant now) {
        QueryParameters query = request.query();
        for (String parameter : QUERY_PARAMETERS) {
            if (query.firstOrEmpty(parameter).isEmpty()) {
                throw malformedQuery(
                        "Query-string authentication version 4 requires the X-Amz-Algorithm,"
                                + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date,"
                                + " X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
            }
        }
        if (!query.firstOrEmpty("X-Amz-Algorithm").equals(ALGORITHM)) {
            throw malformedQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        String[] parts =
                credentialParts(
                        query.firstOrEmpty("X-Amz-Credential"),
                        what ->
                                malformedQuery(
                                        "Error parsing the X-Amz-Credential parameter; " + what));
        String basicDate = query.firstOrEmpty("X-Amz-Date");
        Instant date =
                Timestamps.parseBasic(basicDate)
                        .orElseThrow(
                                () ->
                                        malformedQuery(
                                                "X-Amz-Date must be in the ISO8601 Long Format"
                                                        + " \"yyyyMMdd'T'HHmmss'Z'\""));
        if (!basicDate.startsWith(parts[1])) {
            throw malformedQuery(
                    "Invalid credential date \""
                            + parts[1]
                            + "\". This date is not the same as X-Amz-Date: \""
                            + basicDate.substring(0, 8)
                            + "\".");
        }
        requireNotExpired(date, expiresSeconds(query), now);
        String payloadHash = query.first("X-Amz-Content-Sha256");
        if (payloadHash == null) {
            payloadHash = request.header("x-amz-content-sha256");
        }
        return new SignatureClaim(
                parts[0],
                new CredentialScope(parts[1], parts[2]),
                basicDate,
                names(query.firstOrEmpty("X-Amz-SignedHeaders")),
                query.firstOrEmpty("X-Amz-Signature"),
                payloadHash == null ? UNSIGNED_PAYLOAD : payloadHash,
                true);
    }

    private static S3Refusal malformedQuery(String what) {
        return S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR.refusal(what);
    }

    private static long expiresSeconds(QueryParameters query) {
        long seconds;
        try {
            seconds = Long.parseLong(query.firstOrEmpty("X-Amz-Expires"));
        } catch (NumberFormatException e) {
            throw malformedQuery("X-Amz-Expires should be a number");
        }
        if (seconds < 0) {
            throw malformedQuery("X-Amz-Expires must be non-negative");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw malformedQuery(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given"
                            + " X-Amz-Expires must be less than 604800 seconds");
        }
        return seconds;
    }

    private static void requireNotExpired(Instant date, long expiresSeconds, Instant now) {
        if (date.isAfter(now.plus(MAX_SKEW))) {
            throw S3Error.ACCESS_DENIED
                    .refusal("Request is not valid yet")
                    .with("X-Amz-Date", Timestamps.basic(date))
                    .with("ServerTime", Timestamps.isoSeconds(now));
        }
        Instant expires = date.plusSeconds(expiresSeconds);
        if (now.isAfter(expires)) {
            throw S3Error.ACCESS_DENIED
                    .refusal("Request has expired")
                    .with("X-Amz-Expires", expiresSeconds)
                    .with("Expires", Timestamps.isoSeconds(expires))
                    .with("ServerTime", Timestamps.isoSeconds(now));
        }
    }
}
