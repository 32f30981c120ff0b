package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Checksum;
import io.varve.projections.namespace.Bucket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** GET and HEAD of an object. Safe for use by many threads. */
final class ObjectReads {
    private final ObjectStore store;
    private final Resources resources;

    ObjectReads(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    /**
     * What of an object is to be given.
     *
     * @param range null for the whole
     * @param checksums of just this part; empty when there are none of it
     * @param partsCount 0 unless a part was asked for of an object that has several
     */
    private record Selection(@Nullable ByteRange range, List<Checksum> checksums, int partsCount) {}

    HttpResponse get(S3Call call) {
        Bucket bucket = resources.bucket(call);
        ShownObject object = resources.shown(call, bucket, resources.readable(call, bucket));
        if (notModified(call, object)) {
            return notModifiedAnswer(call, bucket, object);
        }
        Selection selection = selection(call, object);
        HttpResponse.Builder out = head(call, bucket, object, selection);
        ByteRange range = rangeOf(selection, object);
        if (range.lengthBytes() == 0) {
            return out.build();
        }
        ObjectReader reader = object.whole().open(range.offset(), range.lengthBytes());
        return out.body(new HttpBody.Streaming(range.lengthBytes(), new ReaderSource(reader)));
    }

    HttpResponse head(S3Call call) {
        Bucket bucket = resources.bucket(call);
        ShownObject object = resources.shown(call, bucket, resources.readable(call, bucket));
        if (notModified(call, object)) {
            return notModifiedAnswer(call, bucket, object);
        }
        Selection selection = selection(call, object);
        return head(call, bucket, object, selection)
                .body(new HttpBody.LengthOnly(rangeOf(selection, object).lengthBytes()));
    }

    private record ReaderSource(ObjectReader reader) implements HttpBody.Source {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            reader.transferTo(out);
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private static boolean notModified(S3Call call, ShownObject object) {
        return ReadConditions.of(call, "").judge(object, call.request().http().receivedAt())
                == ReadConditions.Verdict.NOT_MODIFIED;
    }

    private static HttpResponse notModifiedAnswer(S3Call call, Bucket bucket, ShownObject object) {
        HttpResponse.Builder out = call.respond(304);
        ObjectHeaders.addValidators(out, object);
        ObjectHeaders.addVersion(out, bucket, object.named());
        String cacheControl = object.version().attributes().headers().get("cache-control");
        if (cacheControl != null) {
            out.header("Cache-Control", cacheControl);
        }
        return out.build();
    }

    private Selection selection(S3Call call, ShownObject object) {
        String range = call.header("range");
        String partNumber = call.query().first("partNumber");
        if (partNumber != null) {
            if (range != null) {
                throw S3Error.INVALID_REQUEST.refusal(
                        "Cannot specify both Range header and partNumber query parameter");
            }
            return part(PartNumbers.parse(partNumber), object);
        }
        String ifRange = call.header("if-range");
        if (ifRange != null && !stillTheSame(ifRange, object)) {
            return new Selection(null, object.checksums(), 0);
        }
        ByteRange selected = ByteRange.of(range, object.sizeBytes());
        // A checksum of the whole says nothing of a range.
        return new Selection(selected, selected == null ? object.checksums() : List.of(), 0);
    }

    private static boolean stillTheSame(String ifRange, ShownObject object) {
        return ETags.bare(ifRange).equals(object.etag())
                || ifRange.equals(Timestamps.http(object.modifiedMicros()));
    }

    private Selection part(int partNumber, ShownObject object) {
        int partsCount = Math.max(object.partCount(), 1);
        if (partNumber > partsCount) {
            throw S3Error.INVALID_PART_NUMBER
                    .refusal()
                    .with("PartNumberRequested", partNumber)
                    .with("ActualPartCount", partsCount);
        }
        if (object.partCount() == 0) {
            ByteRange whole = new ByteRange(0, object.sizeBytes());
            return new Selection(object.sizeBytes() == 0 ? null : whole, object.checksums(), 0);
        }
        long offset = 0;
        List<ShownObject.ShownPart> parts = object.parts(store);
        for (int i = 0; i < partNumber - 1; i++) {
            offset += parts.get(i).sizeBytes();
        }
        ShownObject.ShownPart part = parts.get(partNumber - 1);
        ByteRange range = new ByteRange(offset, part.sizeBytes());
        return new Selection(range, part.checksums(), object.partCount());
    }

    private static ByteRange rangeOf(Selection selection, ShownObject object) {
        ByteRange range = selection.range();
        return range == null ? new ByteRange(0, object.sizeBytes()) : range;
    }

    private static HttpResponse.Builder head(
            S3Call call, Bucket bucket, ShownObject object, Selection selection) {
        ByteRange range = selection.range();
        HttpResponse.Builder out = call.respond(range == null ? 200 : 206);
        ObjectHeaders.addValidators(out, object);
        ObjectHeaders.addVersion(out, bucket, object.named());
        out.header("Accept-Ranges", "bytes");
        // An empty part has no first byte to name.
        if (range != null && range.lengthBytes() > 0) {
            out.header("Content-Range", range.contentRange(object.sizeBytes()));
        }
        if (selection.partsCount() > 0) {
            out.header("x-amz-mp-parts-count", Integer.toString(selection.partsCount()));
        }
        ObjectHeaders.addAttributes(out, object.version(), call);
        if (call.request().headerOrEmpty("x-amz-checksum-mode").equalsIgnoreCase("ENABLED")) {
            ObjectHeaders.addChecksums(out, selection.checksums());
        }
        return out;
    }
}
