package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/**
 * The four conditions of a read or of a copy's source, in S3's order: a matching tag outweighs a
 * date, and a tag that differs outweighs a date too.
 *
 * @param prefix of the header names: empty, or {@code x-amz-copy-source-}
 */
record ReadConditions(
        String prefix,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String ifUnmodifiedSince) {

    /** What the conditions make of a read. */
    enum Verdict {
        PROCEED,
        NOT_MODIFIED
    }

    static ReadConditions of(S3Call call, String prefix) {
        return new ReadConditions(
                prefix,
                call.header(prefix + "if-match"),
                call.header(prefix + "if-none-match"),
                call.header(prefix + "if-modified-since"),
                call.header(prefix + "if-unmodified-since"));
    }

    /** {@code PreconditionFailed} names the condition that did not hold. */
    Verdict judge(ShownObject object, Instant now) {
        Instant modified = Timestamps.ofMicros(object.modifiedMicros());
        if (ifMatch != null) {
            if (!ETags.listMatches(ifMatch, object.etag())) {
                throw failed("If-Match");
            }
        } else if (date(ifUnmodifiedSince).filter(modified::isAfter).isPresent()) {
            throw failed("If-Unmodified-Since");
        }
        if (ifNoneMatch != null) {
            return ETags.listMatches(ifNoneMatch, object.etag())
                    ? Verdict.NOT_MODIFIED
                    : Verdict.PROCEED;
        }
        // A date in the future says nothing.
        return date(ifModifiedSince)
                        .filter(since -> !since.isAfter(now) && !modified.isAfter(since))
                        .isPresent()
                ? Verdict.NOT_MODIFIED
                : Verdict.PROCEED;
    }

    /** For a copy, whose source must have been modified: there is no 304. */
    void require(ShownObject source, Instant now) {
        if (judge(source, now) == Verdict.NOT_MODIFIED) {
            throw failed(ifNoneMatch != null ? "If-None-Match" : "If-Modified-Since");
        }
    }

    private S3Refusal failed(String condition) {
        return S3Error.PRECONDITION_FAILED.refusal().with("Condition", prefix + condition);
    }

    /** A date that cannot be read is as if it were not there. */
    private static Optional<Instant> date(@Nullable String header) {
        return header == null ? Optional.empty() : Timestamps.parseHttp(header);
    }
}
