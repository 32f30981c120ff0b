package io.varve.endpoint.s3;

import java.util.List;

/**
 * What a request claims of who signed it, parsed from the Authorization header or from the query,
 * not yet believed.
 *
 * @param date as it is signed, yyyymmddThhmmssZ
 * @param signedHeaders lower-case names in their order
 * @param payloadHash what it says of its body
 * @param presigned whether it came in the query
 */
record SignatureClaim(
        String accessKey,
        CredentialScope scope,
        String date,
        List<String> signedHeaders,
        String signature,
        String payloadHash,
        boolean presigned) {}
