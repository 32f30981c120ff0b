package io.varve.endpoint.s3;

import java.util.List;

/** What a request shows of its sender's secret. Safe for use by many threads. */
public interface Proof {
    String accessKey();

    /** The strings of which one was signed: several where clients differ in how they write it. */
    List<String> stringsToSign();

    /** As the version of the string to sign has it: hex for Version 4, Base64 for Version 2. */
    String signature();

    /** Whether the signature was made with this secret. */
    boolean madeWith(String secretKey);
}
