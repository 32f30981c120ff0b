package io.varve.journal.text;

import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Change;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange.CopyObject;
import io.varve.journal.record.ObjectChange.DeleteObject;
import io.varve.journal.record.ObjectChange.PutObject;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.UploadChange.AbortUpload;
import io.varve.journal.record.UploadChange.CompleteUpload;
import io.varve.journal.record.UploadChange.PutPart;
import io.varve.journal.record.UploadChange.StartUpload;
import io.varve.journal.record.WindowChange.CloseWindow;
import io.varve.journal.record.WindowChange.ConfirmDropped;

/** A record as one line of text: who did what when. {@link RecordJson} has all the details. */
public final class RecordText {
    private final StringBuilder text = new StringBuilder();

    private RecordText() {}

    public static String of(JournalRecord record) {
        RecordText line = new RecordText();
        line.text.append(record.position());
        line.word(RecordTime.of(record.timeMicros()));
        line.word("epoch=" + record.writerEpoch());
        line.word(record.requestId().toString());
        line.quoted("by", record.principal());
        line.word(record.change().getClass().getSimpleName());
        line.change(record.change());
        return line.text.toString();
    }

    private void change(Change change) {
        switch (change) {
            case CreateBucket c -> {
                quoted("name", c.name());
                quoted("owner", c.owner());
            }
            case DeleteBucket c -> number("bucket", c.bucketId());
            case SetVersioning c -> {
                number("bucket", c.bucketId());
                word("versioning=" + c.versioning());
            }
            case PutObject c -> {
                key(c.bucketId(), c.key());
                content(c.etag(), c.manifest());
                condition(c.condition());
            }
            case CopyObject c -> {
                key(c.bucketId(), c.key());
                word("from");
                key(c.source().bucketId(), c.source().key());
                number("version", c.source().position());
                condition(c.condition());
            }
            case DeleteObject c -> {
                key(c.bucketId(), c.key());
                if (c.version() != null) {
                    word(
                            c.version().isNull()
                                    ? "version=null"
                                    : "version=" + c.version().position());
                }
                condition(c.condition());
            }
            case StartUpload c -> key(c.bucketId(), c.key());
            case PutPart c -> {
                upload(c.bucketId(), c.key(), c.uploadId());
                number("part", c.partNumber());
                content(c.etag(), c.manifest());
            }
            case CompleteUpload c -> {
                upload(c.bucketId(), c.key(), c.uploadId());
                number("parts", c.parts().size());
                quoted("etag", c.etag());
                condition(c.condition());
            }
            case AbortUpload c -> upload(c.bucketId(), c.key(), c.uploadId());
            case CloseWindow c -> {
                word("before=" + RecordTime.of(c.beforeMicros()));
                number("limit", c.limit());
            }
            case ConfirmDropped c -> number("through", c.throughPosition());
        }
    }

    private void key(long bucketId, String key) {
        number("bucket", bucketId);
        quoted("key", key);
    }

    private void upload(long bucketId, String key, long uploadId) {
        key(bucketId, key);
        number("upload", uploadId);
    }

    private void content(String etag, Manifest manifest) {
        number("bytes", manifest.sizeBytes());
        number("blobs", manifest.blobs().size());
        quoted("etag", etag);
    }

    private void condition(Precondition condition) {
        switch (condition) {
            case Precondition.None() -> {}
            case Precondition.IfAbsent() -> word("if-absent");
            case Precondition.IfMatch(String etag) -> quoted("if-match", etag);
        }
    }

    private void number(String name, long value) {
        word(name + "=" + value);
    }

    private void quoted(String name, String value) {
        text.append(' ').append(name).append('=');
        JsonLine.quote(value, text);
    }

    private void word(String word) {
        text.append(' ').append(word);
    }
}
