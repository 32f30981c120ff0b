package io.varve.journal.text;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.AccountChange.ChangeAccountSettings;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.BucketChange.ChangeBucketSettings;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.CreateSnapshot;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.RemoveSnapshot;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Change;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.ObjectChange.CopyObject;
import io.varve.journal.record.ObjectChange.DeleteObject;
import io.varve.journal.record.ObjectChange.EraseHistory;
import io.varve.journal.record.ObjectChange.ExpireObject;
import io.varve.journal.record.ObjectChange.PutObject;
import io.varve.journal.record.ObjectChange.RemoveVersion;
import io.varve.journal.record.ObjectChange.RestoreVersion;
import io.varve.journal.record.ObjectChange.SetAttributes;
import io.varve.journal.record.ObjectChange.TransitionVersion;
import io.varve.journal.record.ObjectChange.WithdrawObject;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.UploadChange.AbortUpload;
import io.varve.journal.record.UploadChange.CompleteUpload;
import io.varve.journal.record.UploadChange.PutPart;
import io.varve.journal.record.UploadChange.StartUpload;
import io.varve.journal.record.WindowChange;
import io.varve.journal.record.WindowChange.CloseWindow;
import io.varve.journal.record.WindowChange.ConfirmDropped;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;

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
            case AccountChange c -> account(c);
            case BucketChange c -> bucket(c);
            case ObjectChange c -> object(c);
            case UploadChange c -> upload(c);
            case WindowChange c -> window(c);
            case IdentityChange c -> IdentityFields.of(c).forEach(this::quoted);
            case TopologyChange c -> TopologyFields.of(c).forEach(this::quoted);
        }
    }

    private void account(AccountChange change) {
        switch (change) {
            case ChangeAccountSettings c -> {
                quoted("account", c.account());
                settings(c.set(), c.removed());
            }
        }
    }

    private void bucket(BucketChange change) {
        switch (change) {
            case CreateBucket c -> {
                quoted("name", c.name());
                quoted("owner", c.owner());
                settings(c.settings(), Collections.emptySortedSet());
            }
            case DeleteBucket c -> number("bucket", c.bucketId());
            case SetVersioning c -> {
                number("bucket", c.bucketId());
                word("versioning=" + c.versioning());
            }
            case CreateSnapshot c -> {
                number("bucket", c.bucketId());
                quoted("name", c.name());
            }
            case RemoveSnapshot c -> {
                number("bucket", c.bucketId());
                quoted("name", c.name());
            }
            case ChangeBucketSettings c -> {
                number("bucket", c.bucketId());
                settings(c.set(), c.removed());
            }
        }
    }

    private void object(ObjectChange change) {
        key(change.bucketId(), change.key());
        switch (change) {
            case PutObject c -> {
                content(c.etag(), c.manifest());
                condition(c.condition());
            }
            case CopyObject c -> {
                word("from");
                key(c.source().bucketId(), c.source().key());
                number("version", c.source().position());
                condition(c.condition());
            }
            case DeleteObject c -> {
                if (c.version() != null) {
                    word(
                            c.version().isNull()
                                    ? "version=null"
                                    : "version=" + c.version().position());
                }
                condition(c.condition());
            }
            case SetAttributes c -> {
                number("version", c.position());
                if (c.touch()) {
                    word("touch");
                }
            }
            case ExpireObject c -> {
                number("version", c.position());
                number("through", c.throughSeconds());
                if (c.keep()) {
                    word("keep");
                }
            }
            case RemoveVersion c -> number("version", c.position());
            case RestoreVersion c -> number("version", c.position());
            case TransitionVersion c -> {
                number("version", c.position());
                number("bytes", c.manifest().sizeBytes());
                quoted("class", c.storageClass());
            }
            case WithdrawObject _, EraseHistory _ -> {}
        }
    }

    private void upload(UploadChange change) {
        key(change.bucketId(), change.key());
        switch (change) {
            case StartUpload _ -> {}
            case PutPart c -> {
                number("upload", c.uploadId());
                number("part", c.partNumber());
                content(c.etag(), c.manifest());
            }
            case CompleteUpload c -> {
                number("upload", c.uploadId());
                number("parts", c.parts().size());
                quoted("etag", c.etag());
                condition(c.condition());
            }
            case AbortUpload c -> number("upload", c.uploadId());
        }
    }

    private void window(WindowChange change) {
        switch (change) {
            case CloseWindow c -> {
                word("before=" + RecordTime.of(c.beforeMicros()));
                number("limit", c.limit());
            }
            case ConfirmDropped c -> number("through", c.throughPosition());
        }
    }

    /** Names only: values may be long, and JSON has them. */
    private void settings(SortedMap<String, String> set, SortedSet<String> removed) {
        set.keySet().forEach(name -> quoted("set", name));
        removed.forEach(name -> quoted("remove", name));
    }

    private void key(long bucketId, String key) {
        number("bucket", bucketId);
        quoted("key", key);
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
            case Precondition.IfOlder(long micros) -> number("if-older", micros);
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
