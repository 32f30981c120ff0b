package io.varve.journal.codec;

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
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.wire.CopyObjectWire;
import io.varve.journal.wire.DeleteObjectWire;
import io.varve.journal.wire.EraseHistoryWire;
import io.varve.journal.wire.ExpireObjectWire;
import io.varve.journal.wire.PutObjectWire;
import io.varve.journal.wire.RecordWire;
import io.varve.journal.wire.RemoveVersionWire;
import io.varve.journal.wire.RestoreVersionWire;
import io.varve.journal.wire.SetAttributesWire;
import io.varve.journal.wire.TransitionVersionWire;
import io.varve.journal.wire.VersionRefWire;
import io.varve.journal.wire.WithdrawObjectWire;

/** Object changes: {@code object.proto}. */
final class ObjectCodec {
    private ObjectCodec() {}

    static void encode(ObjectChange change, RecordWire.Builder wire) {
        switch (change) {
            case PutObject c -> wire.setPutObject(encode(c));
            case CopyObject c -> wire.setCopyObject(encode(c));
            case DeleteObject c -> wire.setDeleteObject(encode(c));
            case SetAttributes c -> wire.setSetAttributes(encode(c));
            case ExpireObject c ->
                    wire.setExpireObject(
                            ExpireObjectWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key())
                                    .setPosition(c.position())
                                    .setThroughSeconds(c.throughSeconds())
                                    .setKeep(c.keep()));
            case RemoveVersion c ->
                    wire.setRemoveVersion(
                            RemoveVersionWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key())
                                    .setPosition(c.position()));
            case RestoreVersion c ->
                    wire.setRestoreVersion(
                            RestoreVersionWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key())
                                    .setPosition(c.position()));
            case TransitionVersion c ->
                    wire.setTransitionVersion(
                            TransitionVersionWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key())
                                    .setPosition(c.position())
                                    .setManifest(ContentCodec.encode(c.manifest()))
                                    .setStorageClass(c.storageClass()));
            case EraseHistory c ->
                    wire.setEraseHistory(
                            EraseHistoryWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key()));
            case WithdrawObject c ->
                    wire.setWithdrawObject(
                            WithdrawObjectWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key()));
        }
    }

    private static PutObjectWire encode(PutObject change) {
        PutObjectWire.Builder wire =
                PutObjectWire.newBuilder()
                        .setBucketId(change.bucketId())
                        .setKey(change.key())
                        .setEtag(change.etag())
                        .setManifest(ContentCodec.encode(change.manifest()))
                        .setAttributes(ContentCodec.encode(change.attributes()))
                        .addAllChecksums(ContentCodec.encode(change.checksums()));
        if (isConditional(change.condition())) {
            wire.setCondition(ContentCodec.encode(change.condition()));
        }
        return wire.build();
    }

    static PutObject decode(PutObjectWire wire) {
        ContentCodec.requireKnown("put object", wire);
        if (!wire.hasManifest()) {
            throw ContentCodec.missing("manifest");
        }
        if (!wire.hasAttributes()) {
            throw ContentCodec.missing("attributes");
        }
        return new PutObject(
                wire.getBucketId(),
                wire.getKey(),
                wire.getEtag(),
                ContentCodec.decode(wire.getManifest()),
                ContentCodec.decode(wire.getAttributes()),
                ContentCodec.decodeChecksums(wire.getChecksumsList()),
                wire.hasCondition() ? ContentCodec.decode(wire.getCondition()) : Precondition.NONE);
    }

    private static CopyObjectWire encode(CopyObject change) {
        VersionRef source = change.source();
        CopyObjectWire.Builder wire =
                CopyObjectWire.newBuilder()
                        .setBucketId(change.bucketId())
                        .setKey(change.key())
                        .setSource(
                                VersionRefWire.newBuilder()
                                        .setBucketId(source.bucketId())
                                        .setKey(source.key())
                                        .setPosition(source.position()));
        if (change.attributes() != null) {
            wire.setAttributes(ContentCodec.encode(change.attributes()));
        }
        if (isConditional(change.condition())) {
            wire.setCondition(ContentCodec.encode(change.condition()));
        }
        return wire.build();
    }

    static CopyObject decode(CopyObjectWire wire) {
        ContentCodec.requireKnown("copy object", wire);
        if (!wire.hasSource()) {
            throw ContentCodec.missing("source");
        }
        VersionRefWire source = wire.getSource();
        ContentCodec.requireKnown("source", source);
        return new CopyObject(
                wire.getBucketId(),
                wire.getKey(),
                new VersionRef(source.getBucketId(), source.getKey(), source.getPosition()),
                wire.hasAttributes() ? ContentCodec.decode(wire.getAttributes()) : null,
                wire.hasCondition() ? ContentCodec.decode(wire.getCondition()) : Precondition.NONE);
    }

    private static DeleteObjectWire encode(DeleteObject change) {
        DeleteObjectWire.Builder wire =
                DeleteObjectWire.newBuilder().setBucketId(change.bucketId()).setKey(change.key());
        VersionId version = change.version();
        if (version != null) {
            wire.setVersion(version.position());
        }
        if (isConditional(change.condition())) {
            wire.setCondition(ContentCodec.encode(change.condition()));
        }
        return wire.build();
    }

    static DeleteObject decode(DeleteObjectWire wire) {
        ContentCodec.requireKnown("delete object", wire);
        return new DeleteObject(
                wire.getBucketId(),
                wire.getKey(),
                wire.hasVersion() ? new VersionId(wire.getVersion()) : null,
                wire.hasCondition() ? ContentCodec.decode(wire.getCondition()) : Precondition.NONE);
    }

    private static SetAttributesWire encode(SetAttributes change) {
        return SetAttributesWire.newBuilder()
                .setBucketId(change.bucketId())
                .setKey(change.key())
                .setPosition(change.position())
                .setRevision(change.revision())
                .setAttributes(ContentCodec.encode(change.attributes()))
                .setTouch(change.touch())
                .build();
    }

    static SetAttributes decode(SetAttributesWire wire) {
        ContentCodec.requireKnown("set attributes", wire);
        if (!wire.hasAttributes()) {
            throw ContentCodec.missing("attributes");
        }
        return new SetAttributes(
                wire.getBucketId(),
                wire.getKey(),
                wire.getPosition(),
                wire.getRevision(),
                ContentCodec.decode(wire.getAttributes()),
                wire.getTouch());
    }

    static ExpireObject decode(ExpireObjectWire wire) {
        ContentCodec.requireKnown("expire object", wire);
        return new ExpireObject(
                wire.getBucketId(),
                wire.getKey(),
                wire.getPosition(),
                wire.getThroughSeconds(),
                wire.getKeep());
    }

    static RemoveVersion decode(RemoveVersionWire wire) {
        ContentCodec.requireKnown("remove version", wire);
        return new RemoveVersion(wire.getBucketId(), wire.getKey(), wire.getPosition());
    }

    static RestoreVersion decode(RestoreVersionWire wire) {
        ContentCodec.requireKnown("restore version", wire);
        return new RestoreVersion(wire.getBucketId(), wire.getKey(), wire.getPosition());
    }

    static TransitionVersion decode(TransitionVersionWire wire) {
        ContentCodec.requireKnown("transition version", wire);
        if (!wire.hasManifest()) {
            throw ContentCodec.missing("manifest");
        }
        return new TransitionVersion(
                wire.getBucketId(),
                wire.getKey(),
                wire.getPosition(),
                ContentCodec.decode(wire.getManifest()),
                wire.getStorageClass());
    }

    static WithdrawObject decode(WithdrawObjectWire wire) {
        ContentCodec.requireKnown("withdraw object", wire);
        return new WithdrawObject(wire.getBucketId(), wire.getKey());
    }

    static EraseHistory decode(EraseHistoryWire wire) {
        ContentCodec.requireKnown("erase history", wire);
        return new EraseHistory(wire.getBucketId(), wire.getKey());
    }

    private static boolean isConditional(Precondition condition) {
        return !(condition instanceof Precondition.None);
    }
}
