package io.varve.endpoint.s3;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a request is about, from its Host header and raw path. Keys are exact: only the escapes are
 * taken off, so {@code /../}, {@code //} and an escaped slash stay what they are.
 *
 * @param bucket empty at service level
 * @param key empty unless at object level
 * @param virtualHost whether the bucket came from the Host header
 */
record RequestAddress(String bucket, String key, boolean virtualHost) {
    private static final int MAX_KEY_BYTES = 1024;

    /** How much of the store a request is about. */
    enum Level {
        SERVICE,
        BUCKET,
        OBJECT
    }

    Level level() {
        if (bucket.isEmpty()) {
            return Level.SERVICE;
        }
        return key.isEmpty() ? Level.BUCKET : Level.OBJECT;
    }

    /**
     * @param baseDomains lower-case host names; a Host below one of them names a bucket
     */
    static RequestAddress parse(String host, String rawPath, List<String> baseDomains) {
        if (!rawPath.startsWith("/")) {
            throw S3Error.INVALID_URI.refusal().with("URI", rawPath);
        }
        String hostBucket = bucketOfHost(host, baseDomains);
        if (!hostBucket.isEmpty()) {
            return new RequestAddress(
                    hostBucket, checkedKey(UriCodec.decodePath(rawPath.substring(1))), true);
        }
        int slash = rawPath.indexOf('/', 1);
        if (slash < 0) {
            return new RequestAddress(UriCodec.decodePath(rawPath.substring(1)), "", false);
        }
        String bucket = UriCodec.decodePath(rawPath.substring(1, slash));
        if (bucket.isEmpty()) {
            throw S3Error.INVALID_BUCKET_NAME.refusal().with("BucketName", "");
        }
        String key = UriCodec.decodePath(rawPath.substring(slash + 1));
        return new RequestAddress(bucket, checkedKey(key), false);
    }

    private static String bucketOfHost(String host, List<String> baseDomains) {
        if (baseDomains.isEmpty()) {
            return "";
        }
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        String bucket = "";
        for (String base : baseDomains) {
            if (name.equals(base)) {
                return "";
            }
            int start = name.length() - base.length() - 1;
            // Of several base domains the longest decides, so the shortest bucket.
            if (start > 0
                    && name.charAt(start) == '.'
                    && name.endsWith(base)
                    && (bucket.isEmpty() || start < bucket.length())) {
                bucket = name.substring(0, start);
            }
        }
        return bucket;
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
    }

    /** The key, unless it is longer than a key may be. */
    static String checkedKey(String key) {
        // Each UTF-16 unit is at most three bytes of UTF-8.
        if (key.length() * 3 > MAX_KEY_BYTES) {
            int sizeBytes = key.getBytes(StandardCharsets.UTF_8).length;
            if (sizeBytes > MAX_KEY_BYTES) {
                throw S3Error.KEY_TOO_LONG
                        .refusal()
                        .with("Size", sizeBytes)
                        .with("MaxSizeAllowed", MAX_KEY_BYTES);
            }
        }
        return key;
    }
}
