package io.varve.endpoint.s3;

import io.varve.endpoint.store.AsOf;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a bucket's name in a request means: a bucket, as it is now or as it was.
 *
 * @param name without the ending
 * @param asOf null for now
 */
record BucketAtTime(String name, @Nullable AsOf asOf) {
    static final String HEADER = "x-varve-as-of";

    private static final Pattern PAST =
            Pattern.compile(
                    "(.+)--(?:asof-([0-9]{8}t[0-9]{6}(?:\\.[0-9]{1,6})?z)"
                            + "|snap-([a-z0-9][a-z0-9-]{0,62}))",
                    Pattern.CASE_INSENSITIVE);

    static boolean isPast(String bucket) {
        return PAST.matcher(bucket).matches();
    }

    static BucketAtTime of(String bucket) {
        Matcher matcher = PAST.matcher(bucket);
        if (!matcher.matches()) {
            return new BucketAtTime(bucket, null);
        }
        String snapshot = matcher.group(3);
        if (snapshot != null) {
            return new BucketAtTime(
                    matcher.group(1), new AsOf.Named(snapshot.toLowerCase(Locale.ROOT)));
        }
        AsOf asOf =
                AsOf.parseBasic(matcher.group(2))
                        .orElseThrow(() -> noTime("bucket", matcher.group(2)));
        return new BucketAtTime(matcher.group(1), asOf);
    }

    /**
     * @param header the value of {@link #HEADER}
     */
    static BucketAtTime of(String bucket, @Nullable String header) {
        BucketAtTime named = of(bucket);
        if (header == null) {
            return named;
        }
        if (named.asOf() != null) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "A moment is named by the bucket or by X-Varve-As-Of, not by both.");
        }
        AsOf asOf = AsOf.parse(header.strip()).orElseThrow(() -> noTime(HEADER, header));
        return new BucketAtTime(bucket, asOf);
    }

    private static S3Refusal noTime(String argument, String value) {
        return S3Refusal.invalidArgument(
                "A moment is a time such as 2026-11-22T10:00:00Z or 20261122T100000Z, a position of"
                        + " the journal, or snapshot: and a name.",
                argument,
                value);
    }
}
