package io.varve.endpoint.s3;

/**
 * What a signature is good for: a day and a region (and always this service).
 *
 * @param date yyyymmdd
 */
record CredentialScope(String date, String region) {
    static final String SERVICE = "s3";
    static final String TERMINATOR = "aws4_request";

    @Override
    public String toString() {
        return date + "/" + region + "/" + SERVICE + "/" + TERMINATOR;
    }
}
