package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes within an object of known size.
 *
 * @param offset of the first byte
 * @param lengthBytes never negative
 */
record ByteRange(long offset, long lengthBytes) {
    private static final Pattern SINGLE =
            Pattern.compile("bytes\\s*=\\s*([0-9]{0,40})\\s*-\\s*([0-9]{0,40})\\s*");
    private static final Pattern COPY_SOURCE = Pattern.compile("bytes=([0-9]{1,40})-([0-9]{1,40})");

    /**
     * What a {@code Range} header asks of an object. Null when the whole is to be given: there is
     * no header, it asks for several ranges, or it is not well-formed. {@code InvalidRange} when it
     * asks for nothing that the object has.
     */
    static @Nullable ByteRange of(@Nullable String header, long sizeBytes) {
        if (header == null) {
            return null;
        }
        Matcher matcher = SINGLE.matcher(header.strip());
        if (!matcher.matches()) {
            return null;
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? null : suffix(header, number(last), sizeBytes);
        }
        long from = number(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
        if (to < from) {
            return null;
        }
        if (from >= sizeBytes) {
            throw unsatisfiable(header, sizeBytes);
        }
        return new ByteRange(from, Math.min(to, sizeBytes - 1) - from + 1);
    }

    private static ByteRange suffix(String header, long length, long sizeBytes) {
        if (length == 0 || sizeBytes == 0) {
            throw unsatisfiable(header, sizeBytes);
        }
        long taken = Math.min(length, sizeBytes);
        return new ByteRange(sizeBytes - taken, taken);
    }

    /** What {@code x-amz-copy-source-range} asks: both ends must be there, and in the object. */
    static ByteRange ofCopySource(String header, long sizeBytes) {
        Matcher matcher = COPY_SOURCE.matcher(header);
        if (!matcher.matches() || number(matcher.group(1)) > number(matcher.group(2))) {
            throw S3Refusal.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where"
                            + " first and last are the zero-based offsets of the first and last"
                            + " bytes to copy",
                    "x-amz-copy-source-range",
                    header);
        }
        long first = number(matcher.group(1));
        long last = number(matcher.group(2));
        if (last >= sizeBytes) {
            throw S3Refusal.invalidArgument(
                    "Range specified is not valid for source object of size: " + sizeBytes,
                    "x-amz-copy-source-range",
                    header);
        }
        return new ByteRange(first, last - first + 1);
    }

    /** A number of any length; none that is too large for a long is within an object. */
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    /** The {@code Content-Range} of an answer with this range. */
    String contentRange(long sizeBytes) {
        return "bytes " + offset + "-" + (offset + lengthBytes - 1) + "/" + sizeBytes;
    }

    private static S3Refusal unsatisfiable(String header, long sizeBytes) {
        return S3Error.INVALID_RANGE
                .refusal()
                .with("RangeRequested", header)
                .with("ActualObjectSize", sizeBytes)
                .header("Content-Range", "bytes */" + sizeBytes);
    }
}
