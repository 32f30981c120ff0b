package io.varve.journal.codec;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.BucketChange.ChangeBucketSettings;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.CreateSnapshot;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.RemoveSnapshot;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Versioning;
import io.varve.journal.wire.ChangeBucketSettingsWire;
import io.varve.journal.wire.CreateBucketWire;
import io.varve.journal.wire.CreateSnapshotWire;
import io.varve.journal.wire.DeleteBucketWire;
import io.varve.journal.wire.RecordWire;
import io.varve.journal.wire.RemoveSnapshotWire;
import io.varve.journal.wire.SetVersioningWire;
import io.varve.journal.wire.VersioningWire;

/** Bucket changes: {@code bucket.proto}. */
final class BucketCodec {
    private BucketCodec() {}

    static void encode(BucketChange change, RecordWire.Builder wire) {
        switch (change) {
            case CreateBucket c ->
                    wire.setCreateBucket(
                            CreateBucketWire.newBuilder()
                                    .setName(c.name())
                                    .setOwner(c.owner())
                                    .addAllSettings(ContentCodec.encode(c.settings())));
            case DeleteBucket c ->
                    wire.setDeleteBucket(DeleteBucketWire.newBuilder().setBucketId(c.bucketId()));
            case SetVersioning c ->
                    wire.setSetVersioning(
                            SetVersioningWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setVersioning(encode(c.versioning())));
            case ChangeBucketSettings c ->
                    wire.setChangeBucketSettings(
                            ChangeBucketSettingsWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .addAllSet(ContentCodec.encode(c.set()))
                                    .addAllRemoved(c.removed()));
            case CreateSnapshot c ->
                    wire.setCreateSnapshot(
                            CreateSnapshotWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setName(c.name()));
            case RemoveSnapshot c ->
                    wire.setRemoveSnapshot(
                            RemoveSnapshotWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setName(c.name()));
        }
    }

    static CreateBucket decode(CreateBucketWire wire) {
        ContentCodec.requireKnown("create bucket", wire);
        return new CreateBucket(
                wire.getName(),
                wire.getOwner(),
                ContentCodec.decodeEntries(wire.getSettingsList()));
    }

    static DeleteBucket decode(DeleteBucketWire wire) {
        ContentCodec.requireKnown("delete bucket", wire);
        return new DeleteBucket(wire.getBucketId());
    }

    static SetVersioning decode(SetVersioningWire wire) {
        ContentCodec.requireKnown("set versioning", wire);
        return new SetVersioning(wire.getBucketId(), decode(wire.getVersioning()));
    }

    static ChangeBucketSettings decode(ChangeBucketSettingsWire wire) {
        ContentCodec.requireKnown("change bucket settings", wire);
        return new ChangeBucketSettings(
                wire.getBucketId(),
                ContentCodec.decodeEntries(wire.getSetList()),
                ContentCodec.decodeNames(wire.getRemovedList()));
    }

    static CreateSnapshot decode(CreateSnapshotWire wire) {
        ContentCodec.requireKnown("create snapshot", wire);
        return new CreateSnapshot(wire.getBucketId(), wire.getName());
    }

    static RemoveSnapshot decode(RemoveSnapshotWire wire) {
        ContentCodec.requireKnown("remove snapshot", wire);
        return new RemoveSnapshot(wire.getBucketId(), wire.getName());
    }

    private static VersioningWire encode(Versioning versioning) {
        return switch (versioning) {
            case OFF -> VersioningWire.VERSIONING_OFF;
            case ENABLED -> VersioningWire.VERSIONING_ENABLED;
            case SUSPENDED -> VersioningWire.VERSIONING_SUSPENDED;
        };
    }

    private static Versioning decode(VersioningWire wire) {
        return switch (wire) {
            case VERSIONING_OFF -> Versioning.OFF;
            case VERSIONING_ENABLED -> Versioning.ENABLED;
            case VERSIONING_SUSPENDED -> Versioning.SUSPENDED;
            case VERSIONING_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedRecordException("versioning state is unknown: " + wire);
        };
    }
}
