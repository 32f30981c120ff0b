package io.varve.journal;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;
import io.varve.journal.record.WindowChange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Complete changes of every type, as varied as the types allow, from a seed. */
public final class ChangeGenerator {
    /** How many types of change there are; {@link #change(int)} makes one of each. */
    public static final int TYPES = 22 + IdentityChanges.TYPES + TopologyChanges.TYPES;

    private static final String[] FRAGMENTS = {
        "a", "key", "/", "//", "..", "%2F", "+", " ", "é", "日本", "😀", "\u0000", "\"", "\n", "~"
    };

    private final SplittableRandom random;

    public ChangeGenerator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public Draft draft() {
        return draft(change(random.nextInt(TYPES)));
    }

    public Draft draft(Change change) {
        return new Draft(
                new RequestId(random.nextLong(), random.nextLong()),
                random.nextInt(4) == 0 ? "" : text(1, 20),
                change);
    }

    public Change change(int type) {
        return switch (type) {
            case 0 -> new BucketChange.CreateBucket(text(1, 20), text(0, 10), entries());
            case 1 -> new BucketChange.DeleteBucket(id());
            case 2 -> new BucketChange.SetVersioning(id(), any(Versioning.values()));
            case 3 ->
                    new ObjectChange.PutObject(
                            id(),
                            key(),
                            etag(),
                            manifest(),
                            attributes(),
                            checksums(),
                            condition());
            case 4 ->
                    new ObjectChange.CopyObject(
                            id(),
                            key(),
                            new VersionRef(id(), key(), id()),
                            maybe(this::attributes),
                            condition());
            case 5 ->
                    new ObjectChange.DeleteObject(
                            id(),
                            key(),
                            maybe(() -> random.nextBoolean() ? VersionId.NULL : version()),
                            condition());
            case 6 -> startUpload();
            case 7 ->
                    new UploadChange.PutPart(
                            id(), key(), id(), partNumber(), etag(), manifest(), checksums());
            case 8 ->
                    new UploadChange.CompleteUpload(
                            id(),
                            key(),
                            id(),
                            parts(),
                            etag() + "-3",
                            checksums(),
                            random.nextLong(0, 1L << 40),
                            condition());
            case 9 -> new UploadChange.AbortUpload(id(), key(), id());
            case 10 ->
                    new WindowChange.CloseWindow(
                            random.nextLong(-1L << 50, 1L << 60),
                            random.nextInt(Integer.MAX_VALUE));
            case 11 -> new WindowChange.ConfirmDropped(random.nextLong(Long.MAX_VALUE));
            case 12 -> new BucketChange.ChangeBucketSettings(id(), entries(), names());
            case 13 -> new AccountChange.ChangeAccountSettings(text(1, 10), entries(), names());
            case 14 -> random.nextBoolean() ? transition() : setAttributes();
            case 15 ->
                    new ObjectChange.ExpireObject(
                            id(),
                            key(),
                            id(),
                            random.nextLong(Long.MAX_VALUE),
                            random.nextBoolean());
            case 16 -> new ObjectChange.RemoveVersion(id(), key(), id());
            case 17 -> new ObjectChange.RestoreVersion(id(), key(), id());
            case 18 -> new ObjectChange.WithdrawObject(id(), key());
            case 19 -> new BucketChange.CreateSnapshot(id(), text(1, 20));
            case 20 -> new BucketChange.RemoveSnapshot(id(), text(1, 20));
            case 21 -> new ObjectChange.EraseHistory(id(), key());
            default -> ofTheSite(type - 22);
        };
    }

    private Change transition() {
        return new ObjectChange.TransitionVersion(id(), key(), id(), manifest(), text(0, 9));
    }

    private Change setAttributes() {
        return new ObjectChange.SetAttributes(
                id(),
                key(),
                id(),
                random.nextBoolean() ? 0 : id(),
                attributes(),
                random.nextBoolean());
    }

    private Change ofTheSite(int type) {
        return type < IdentityChanges.TYPES
                ? new IdentityChanges(random).change(type)
                : new TopologyChanges(random).change(type - IdentityChanges.TYPES);
    }

    private UploadChange.StartUpload startUpload() {
        boolean checked = random.nextBoolean();
        return new UploadChange.StartUpload(
                id(),
                key(),
                attributes(),
                checked ? any(ChecksumAlgorithm.values()) : null,
                checked ? any(ChecksumType.values()) : null);
    }

    private long id() {
        return 1 + random.nextLong(1L << random.nextInt(1, 62));
    }

    private VersionId version() {
        return new VersionId(id());
    }

    private int partNumber() {
        return random.nextInt(1, 10_001);
    }

    private String key() {
        return text(1, 12);
    }

    private String text(int least, int most) {
        int count = random.nextInt(least, most + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(any(FRAGMENTS));
        }
        return text.toString();
    }

    private String etag() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private Manifest manifest() {
        List<BlobRef> blobs = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            blobs.add(
                    new BlobRef(
                            random.nextLong(),
                            random.nextLong(),
                            random.nextInt(1, Integer.MAX_VALUE),
                            random.nextInt()));
        }
        return new Manifest(random.nextInt(3), blobs);
    }

    private Attributes attributes() {
        return new Attributes(entries(), entries(), entries());
    }

    private TreeMap<String, String> entries() {
        TreeMap<String, String> entries = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            entries.put(text(1, 4), text(0, 8));
        }
        return entries;
    }

    private TreeSet<String> names() {
        return new TreeSet<>(entries().keySet());
    }

    private List<Checksum> checksums() {
        List<Checksum> checksums = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            checksums.add(
                    new Checksum(
                            any(ChecksumAlgorithm.values()),
                            any(ChecksumType.values()),
                            "c2Vj" + i));
        }
        return checksums;
    }

    private List<UploadChange.PartRef> parts() {
        List<UploadChange.PartRef> parts = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            parts.add(new UploadChange.PartRef(partNumber(), etag()));
        }
        return parts;
    }

    private Precondition condition() {
        return switch (random.nextInt(4)) {
            case 0 -> Precondition.NONE;
            case 1 -> new Precondition.IfAbsent();
            case 2 -> new Precondition.IfOlder(random.nextLong(Long.MAX_VALUE));
            default -> new Precondition.IfMatch(random.nextBoolean() ? "*" : etag());
        };
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }
}
