package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.SettingNames;
import io.varve.journal.record.Versioning;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The older of Swift's ways to keep versions: what a bucket loses moves to another bucket, under
 * the length of its key in three hexadecimal digits, the key, a slash, and the time it was made.
 * The move and the change that causes it are one record, so there is no moment at which neither
 * bucket has the object, whoever writes at the same time. Single-threaded: owned by the fold.
 *
 * <p>A bucket that keeps versions of its own has no archive, whatever its settings say.
 */
final class Archive {
    static final String MARKER_TYPE = "application/x-deleted;swift_versions_deleted=1";

    private static final String EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";
    private static final int KEY_BYTES_MAX = 1024;

    /** Times in names have this resolution. */
    private static final long TICK_MICROS = 10;

    private static final long TICKS_PER_SECOND = 100_000;
    private static final long TICKS_MAX = 9_999_999_999L * TICKS_PER_SECOND + 99_999;
    private static final int TIME_LENGTH = 16;

    /** How many names that are none of ours are passed over in a search. */
    private static final int FOREIGN_COUNT_MAX = 16;

    private final ViewBatch batch;
    private final BucketTable buckets;
    private final VersionTable versions;
    private final ContentTable contents;

    /** What was moved away under one key, by the time in its name. */
    private record Kept(byte[] key, long ticks, VersionRow row) {
        boolean isMarker() {
            String type = row.toVersion(1, "").attributes().headers().get("content-type");
            return MARKER_TYPE.equals(type);
        }
    }

    Archive(ViewBatch batch, BucketTable buckets, VersionTable versions, ContentTable contents) {
        this.batch = batch;
        this.buckets = buckets;
        this.versions = versions;
        this.contents = contents;
    }

    static boolean serves(BucketState bucket) {
        return bucket.versioning() == Versioning.OFF && name(bucket) != null;
    }

    private static @Nullable String name(BucketState bucket) {
        Map<String, String> settings = bucket.settings().all();
        String history = settings.get(SettingNames.ARCHIVE_HISTORY);
        return history == null ? settings.get(SettingNames.ARCHIVE_STACK) : history;
    }

    private static boolean keepsDeletions(BucketState bucket) {
        return bucket.settings().all().containsKey(SettingNames.ARCHIVE_HISTORY);
    }

    private @Nullable BucketState of(BucketState bucket) {
        String name = name(bucket);
        BucketState archive = name == null ? null : buckets.named(bucket.storedNameOf(name));
        return archive != null && archive.owner().equals(bucket.owner())
                ? buckets.change(archive.id())
                : null;
    }

    /** Why the current object cannot be moved away; null when it can, or need not be. */
    @Nullable Refusal problem(
            BucketState bucket, byte[] key, @Nullable VersionRow current, JournalRecord record) {
        boolean moves = serves(bucket) && Expiry.isLive(current, record.timeMicros());
        return moves && (of(bucket) == null || prefix(key).length + TIME_LENGTH > KEY_BYTES_MAX)
                ? Refusal.NO_SUCH_ARCHIVE
                : null;
    }

    /**
     * Puts what is about to be replaced into the archive, where it stays the version that it is.
     * The caller has asked for a {@link #problem} and ends it where it was.
     */
    void keep(BucketState bucket, byte[] key, @Nullable VersionRow current, JournalRecord record) {
        if (current == null || !serves(bucket) || !Expiry.isLive(current, record.timeMicros())) {
            return;
        }
        BucketState archive = of(bucket);
        if (archive == null) {
            throw new IllegalStateException("no archive of bucket " + bucket.id());
        }
        byte[] name = freeName(archive, key, current.createdMicros());
        ObjectVersion from = current.toVersion(archive.id(), NamespaceKeys.text(name));
        ObjectVersion moved =
                new ObjectVersion(
                        archive.id(),
                        from.key(),
                        from.position(),
                        archive.versioning() != Versioning.ENABLED,
                        false,
                        from.createdMicros(),
                        from.sizeBytes(),
                        from.etag(),
                        from.partCount(),
                        from.attributes(),
                        from.checksums(),
                        from.revision());
        contents.share(current.content());
        VersionRow row =
                VersionRow.of(moved, current.content(), current.revisedMicros(), record.position());
        versions.arrive(archive, name, row, record);
    }

    /** A delete of a key, where the bucket has an archive. */
    Outcome delete(
            BucketState bucket,
            ObjectKey key,
            @Nullable VersionRow current,
            @Nullable Refusal violated,
            JournalRecord record) {
        return keepsDeletions(bucket)
                ? deleteIntoHistory(bucket, key, current, violated, record)
                : deleteFromStack(bucket, key, current, violated, record);
    }

    /** A key in both its forms. */
    @SuppressWarnings("ArrayRecordComponent")
    record ObjectKey(String text, byte[] utf8) {}

    private Outcome deleteIntoHistory(
            BucketState bucket,
            ObjectKey key,
            @Nullable VersionRow current,
            @Nullable Refusal violated,
            JournalRecord record) {
        BucketState archive = of(bucket);
        boolean tooLong = prefix(key.utf8()).length + TIME_LENGTH > KEY_BYTES_MAX;
        if (violated != null || archive == null || tooLong) {
            return new Outcome.Refused(violated == null ? Refusal.NO_SUCH_ARCHIVE : violated);
        }
        keep(bucket, key.utf8(), current, record);
        byte[] name = freeName(archive, key.utf8(), record.timeMicros());
        ObjectVersion mark =
                new ObjectVersion(
                        archive.id(),
                        NamespaceKeys.text(name),
                        record.position(),
                        archive.versioning() != Versioning.ENABLED,
                        false,
                        record.timeMicros(),
                        0,
                        EMPTY_MD5,
                        0,
                        new Attributes(
                                new TreeMap<>(Map.of("content-type", MARKER_TYPE)),
                                Collections.emptySortedMap()),
                        List.of());
        versions.place(archive, name, null, VersionRow.of(mark, Content.NONE), record);
        versions.removeCurrent(bucket, key.utf8(), current, record);
        return new Outcome.ObjectDeleted(null, false);
    }

    private Outcome deleteFromStack(
            BucketState bucket,
            ObjectKey key,
            @Nullable VersionRow current,
            @Nullable Refusal violated,
            JournalRecord record) {
        BucketState archive = of(bucket);
        Kept newest = archive == null ? null : newest(archive, key.utf8(), TICKS_MAX);
        boolean absent = violated == Refusal.NO_SUCH_KEY;
        if (archive == null || newest == null || (violated != null && !absent)) {
            return violated == null
                    ? removeCurrent(bucket, key, current, record)
                    : new Outcome.Refused(violated);
        }
        if (!newest.isMarker()) {
            restore(bucket, key, archive, newest, record);
            return new Outcome.ObjectDeleted(null, false);
        }
        if (Expiry.isLive(current, record.timeMicros())) {
            return removeCurrent(bucket, key, current, record);
        }
        Kept below = newest(archive, key.utf8(), newest.ticks() - 1);
        if (below != null && !below.isMarker()) {
            restore(bucket, key, archive, below, record);
        }
        versions.removeCurrentAlone(archive, newest.key(), newest.row(), record);
        return new Outcome.ObjectDeleted(null, false);
    }

    private Outcome removeCurrent(
            BucketState bucket, ObjectKey key, @Nullable VersionRow current, JournalRecord record) {
        versions.removeCurrent(bucket, key.utf8(), current, record);
        return new Outcome.ObjectDeleted(null, false);
    }

    private void restore(
            BucketState bucket,
            ObjectKey key,
            BucketState archive,
            Kept kept,
            JournalRecord record) {
        ObjectVersion from = kept.row().toVersion(bucket.id(), key.text());
        ObjectVersion version =
                new ObjectVersion(
                        bucket.id(),
                        key.text(),
                        record.position(),
                        true,
                        false,
                        record.timeMicros(),
                        from.sizeBytes(),
                        from.etag(),
                        from.partCount(),
                        from.attributes(),
                        from.checksums());
        Content content = kept.row().content();
        contents.share(content);
        VersionRow current = versions.reader().current(bucket.id(), key.utf8());
        versions.place(bucket, key.utf8(), current, VersionRow.of(version, content), record);
        versions.removeCurrentAlone(archive, kept.key(), kept.row(), record);
    }

    /** What every name under which a key is kept starts with. */
    private static byte[] prefix(byte[] key) {
        byte[] length = "%03x".formatted(key.length).getBytes(StandardCharsets.US_ASCII);
        byte[] prefix = Arrays.copyOf(length, length.length + key.length + 1);
        System.arraycopy(key, 0, prefix, length.length, key.length);
        prefix[prefix.length - 1] = '/';
        return prefix;
    }

    private static byte[] name(byte[] key, long ticks) {
        String time =
                String.format(
                        Locale.ROOT,
                        "%010d.%05d",
                        ticks / TICKS_PER_SECOND,
                        ticks % TICKS_PER_SECOND);
        return NamespaceKeys.append(prefix(key), time.getBytes(StandardCharsets.US_ASCII));
    }

    /** Two objects may have been made within one tick: then the later one gets the next. */
    private byte[] freeName(BucketState archive, byte[] key, long madeMicros) {
        long ticks = madeMicros / TICK_MICROS;
        byte[] name = name(key, ticks);
        while (versions.reader().current(archive.id(), name) != null) {
            name = name(key, ++ticks);
        }
        return name;
    }

    /**
     * The newest of what is kept of a key, no newer than given. Rows are read forwards only, so the
     * newest is closed in on by halves: some fifty look-ups, however much is kept.
     */
    private @Nullable Kept newest(BucketState archive, byte[] key, long maxTicks) {
        Kept found = null;
        long low = 0;
        long high = maxTicks;
        while (low <= high) {
            long middle = low + (high - low) / 2;
            Kept next = firstBetween(archive, key, middle, high);
            if (next == null) {
                high = middle - 1;
            } else {
                found = next;
                low = next.ticks() + 1;
            }
        }
        return found;
    }

    private @Nullable Kept firstBetween(
            BucketState archive, byte[] key, long minTicks, long maxTicks) {
        byte[] from = NamespaceKeys.of(NamespaceKeys.CURRENT, archive.id(), name(key, minTicks));
        byte[] to =
                KeyOrder.after(
                        NamespaceKeys.of(NamespaceKeys.CURRENT, archive.id(), name(key, maxTicks)));
        try (ViewCursor cursor = batch.scan(from, to)) {
            for (int i = 0; cursor.valid() && i < FOREIGN_COUNT_MAX; i++) {
                byte[] name = NamespaceKeys.objectKey(cursor.key());
                long ticks = ticks(name, prefix(key).length);
                if (ticks >= 0) {
                    return new Kept(name, ticks, VersionRow.decode(cursor.value()));
                }
                cursor.next();
            }
            return null;
        }
    }

    /** The time in a name; -1 when it is none of ours. */
    private static long ticks(byte[] name, int prefixLength) {
        if (name.length != prefixLength + TIME_LENGTH) {
            return -1;
        }
        long ticks = 0;
        for (int i = 0; i < TIME_LENGTH; i++) {
            byte b = name[prefixLength + i];
            if (i == 10 ? b != '.' : b < '0' || b > '9') {
                return -1;
            }
            ticks = i == 10 ? ticks : ticks * 10 + b - '0';
        }
        return ticks;
    }
}
