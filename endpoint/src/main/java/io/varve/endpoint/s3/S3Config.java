package io.varve.endpoint.s3;

import java.util.List;
import java.util.Locale;

/**
 * Settings of the S3 front end.
 *
 * @param region what the site calls itself: the location of buckets. Signatures are taken for any
 *     region (see docs/decisions)
 * @param baseDomains host names below which a request's Host names a bucket; none means path-style
 *     only
 * @param legacyBucketNames whether new buckets may have upper case and underscores in their names
 * @param signatureV2 whether the older signature is taken too
 * @param hostId sent as {@code x-amz-id-2}: which endpoint answered
 */
public record S3Config(
        String region,
        List<String> baseDomains,
        boolean legacyBucketNames,
        boolean signatureV2,
        String hostId) {
    public S3Config {
        baseDomains = baseDomains.stream().map(domain -> domain.toLowerCase(Locale.ROOT)).toList();
        if (region.isBlank()) {
            throw new IllegalArgumentException("the region is blank");
        }
    }

    /** With the older signature taken. */
    public S3Config(
            String region, List<String> baseDomains, boolean legacyBucketNames, String hostId) {
        this(region, baseDomains, legacyBucketNames, true, hostId);
    }
}
