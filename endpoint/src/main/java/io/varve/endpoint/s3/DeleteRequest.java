package io.varve.endpoint.s3;

import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The document of {@code DeleteObjects}.
 *
 * @param quiet whether only errors are to be told
 */
record DeleteRequest(List<Entry> entries, boolean quiet) {
    private static final int MAX_ENTRIES = 1000;

    DeleteRequest {
        entries = List.copyOf(entries);
    }

    /**
     * One key to delete.
     *
     * @param versionId as the client wrote it; null for the key as a whole
     * @param etag that the current object must have; null for no condition
     * @param refusal why this entry cannot be tried at all; null when it can
     */
    record Entry(
            String key,
            @Nullable String versionId,
            @Nullable String etag,
            @Nullable S3Refusal refusal) {

        Entry refused(S3Refusal reason) {
            return new Entry(key, versionId, etag, reason);
        }

        ObjectChange.DeleteObject change(ObjectStore store, long bucketId) {
            VersionId version = versionId == null ? null : WireIds.version(versionId);
            Precondition condition =
                    etag == null
                            ? Precondition.NONE
                            : WriteConditions.ifMatch(etag, store, bucketId, key);
            return new ObjectChange.DeleteObject(bucketId, key, version, condition);
        }
    }

    static DeleteRequest parse(byte[] document) {
        List<Entry> entries = new ArrayList<>();
        boolean quiet = false;
        XmlCursor xml = XmlCursor.open(document, "Delete");
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Object" -> {
                    entries.add(entry(xml));
                    if (entries.size() > MAX_ENTRIES) {
                        throw S3Error.MALFORMED_XML.refusal();
                    }
                }
                case "Quiet" -> quiet = xml.bool();
                default -> xml.skip();
            }
        }
        if (entries.isEmpty()) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        return new DeleteRequest(entries, quiet);
    }

    private static Entry entry(XmlCursor xml) {
        String key = "";
        String versionId = null;
        String etag = null;
        S3Refusal refusal = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Key" -> key = xml.text();
                case "VersionId" -> versionId = xml.text();
                case "ETag" -> etag = xml.text();
                case "LastModifiedTime", "Size" -> {
                    xml.skip();
                    refusal = S3Error.NOT_IMPLEMENTED.refusal();
                }
                default -> xml.skip();
            }
        }
        if (key.isEmpty()) {
            throw S3Error.USER_KEY_MUST_BE_SPECIFIED.refusal(
                    "The Delete request must name a key for every object.");
        }
        // Some clients send an empty element where they mean none.
        String version = versionId == null || versionId.isEmpty() ? null : versionId;
        return new Entry(key, version, etag, refusal == null ? fault(key, version) : refusal);
    }

    private static @Nullable S3Refusal fault(String key, @Nullable String versionId) {
        try {
            RequestAddress.checkedKey(key);
            if (versionId != null) {
                WireIds.version(versionId);
            }
            return null;
        } catch (S3Refusal refusal) {
            return refusal;
        }
    }
}
