package io.varve.endpoint.link;

import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/**
 * What makes an object a link to another one: settings of its own, beside the no bytes that it has.
 *
 * @param account the project that the target belongs to; null for the one that has the link
 * @param written bucket and key as their client wrote them, escaped for a header
 * @param etag that the target must have, without quotes; null for a link to whatever is there
 * @param sizeBytes of the target when a link with an ETag was made
 * @param largeEtag without quotes, of the whole, when that target was a static large object
 */
public record SymbolicLink(
        @Nullable String account,
        String bucket,
        String key,
        String written,
        @Nullable String etag,
        long sizeBytes,
        @Nullable String largeEtag) {
    private static final String BUCKET = "link.bucket";
    private static final String KEY = "link.key";
    private static final String ACCOUNT = "link.account";
    private static final String WRITTEN = "link.written";
    private static final String ETAG = "link.etag";
    private static final String SIZE = "link.size";
    private static final String LARGE_ETAG = "link.large-etag";

    public static Optional<SymbolicLink> of(ObjectVersion object) {
        return of(object.attributes().settings());
    }

    public static Optional<SymbolicLink> of(Map<String, String> settings) {
        String bucket = settings.get(BUCKET);
        String key = settings.get(KEY);
        if (bucket == null || key == null) {
            return Optional.empty();
        }
        String size = settings.getOrDefault(SIZE, "");
        return Optional.of(
                new SymbolicLink(
                        settings.get(ACCOUNT),
                        bucket,
                        key,
                        settings.getOrDefault(WRITTEN, bucket + "/" + key),
                        settings.get(ETAG),
                        size.matches("[0-9]{1,18}") ? Long.parseLong(size) : 0,
                        settings.get(LARGE_ETAG)));
    }

    /** The same link, to a target that is this by now. */
    public SymbolicLink withTarget(long targetBytes, @Nullable String targetLargeEtag) {
        return new SymbolicLink(account, bucket, key, written, etag, targetBytes, targetLargeEtag);
    }

    /** The same link, into another project. */
    public SymbolicLink withAccount(String project) {
        return new SymbolicLink(project, bucket, key, written, etag, sizeBytes, largeEtag);
    }

    /** Whether it leads to one state of its target only. */
    public boolean isStatic() {
        return etag != null;
    }

    /** Makes a link of the object whose settings these are. */
    public void writeTo(Map<String, String> settings) {
        settings.put(BUCKET, bucket);
        settings.put(KEY, key);
        settings.put(WRITTEN, written);
        if (account != null) {
            settings.put(ACCOUNT, account);
        }
        if (etag != null) {
            settings.put(ETAG, etag);
            settings.put(SIZE, Long.toString(sizeBytes));
        }
        if (largeEtag != null) {
            settings.put(LARGE_ETAG, largeEtag);
        }
    }
}
