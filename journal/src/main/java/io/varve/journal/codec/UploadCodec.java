package io.varve.journal.codec;

import io.varve.journal.record.Precondition;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.UploadChange.AbortUpload;
import io.varve.journal.record.UploadChange.CompleteUpload;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.journal.record.UploadChange.PutPart;
import io.varve.journal.record.UploadChange.StartUpload;
import io.varve.journal.wire.AbortUploadWire;
import io.varve.journal.wire.ChecksumAlgorithmWire;
import io.varve.journal.wire.ChecksumTypeWire;
import io.varve.journal.wire.CompleteUploadWire;
import io.varve.journal.wire.PartRefWire;
import io.varve.journal.wire.PutPartWire;
import io.varve.journal.wire.RecordWire;
import io.varve.journal.wire.StartUploadWire;

import java.util.ArrayList;
import java.util.List;

/** Upload changes: {@code upload.proto}. */
final class UploadCodec {
    private UploadCodec() {}

    static void encode(UploadChange change, RecordWire.Builder wire) {
        switch (change) {
            case StartUpload c -> wire.setStartUpload(encode(c));
            case PutPart c -> wire.setPutPart(encode(c));
            case CompleteUpload c -> wire.setCompleteUpload(encode(c));
            case AbortUpload c ->
                    wire.setAbortUpload(
                            AbortUploadWire.newBuilder()
                                    .setBucketId(c.bucketId())
                                    .setKey(c.key())
                                    .setUploadId(c.uploadId()));
        }
    }

    private static StartUploadWire encode(StartUpload change) {
        StartUploadWire.Builder wire =
                StartUploadWire.newBuilder()
                        .setBucketId(change.bucketId())
                        .setKey(change.key())
                        .setAttributes(ContentCodec.encode(change.attributes()));
        if (change.algorithm() != null) {
            wire.setAlgorithm(ContentCodec.encode(change.algorithm()));
        }
        if (change.checksumType() != null) {
            wire.setChecksumType(ContentCodec.encode(change.checksumType()));
        }
        return wire.build();
    }

    static StartUpload decode(StartUploadWire wire) {
        ContentCodec.requireKnown("start upload", wire);
        if (!wire.hasAttributes()) {
            throw ContentCodec.missing("attributes");
        }
        return new StartUpload(
                wire.getBucketId(),
                wire.getKey(),
                ContentCodec.decode(wire.getAttributes()),
                wire.getAlgorithm() == ChecksumAlgorithmWire.CHECKSUM_ALGORITHM_UNSPECIFIED
                        ? null
                        : ContentCodec.decode(wire.getAlgorithm()),
                wire.getChecksumType() == ChecksumTypeWire.CHECKSUM_TYPE_UNSPECIFIED
                        ? null
                        : ContentCodec.decode(wire.getChecksumType()));
    }

    private static PutPartWire encode(PutPart change) {
        return PutPartWire.newBuilder()
                .setBucketId(change.bucketId())
                .setKey(change.key())
                .setUploadId(change.uploadId())
                .setPartNumber(change.partNumber())
                .setEtag(change.etag())
                .setManifest(ContentCodec.encode(change.manifest()))
                .addAllChecksums(ContentCodec.encode(change.checksums()))
                .build();
    }

    static PutPart decode(PutPartWire wire) {
        ContentCodec.requireKnown("put part", wire);
        if (!wire.hasManifest()) {
            throw ContentCodec.missing("manifest");
        }
        return new PutPart(
                wire.getBucketId(),
                wire.getKey(),
                wire.getUploadId(),
                wire.getPartNumber(),
                wire.getEtag(),
                ContentCodec.decode(wire.getManifest()),
                ContentCodec.decodeChecksums(wire.getChecksumsList()));
    }

    private static CompleteUploadWire encode(CompleteUpload change) {
        CompleteUploadWire.Builder wire =
                CompleteUploadWire.newBuilder()
                        .setBucketId(change.bucketId())
                        .setKey(change.key())
                        .setUploadId(change.uploadId())
                        .setEtag(change.etag())
                        .addAllChecksums(ContentCodec.encode(change.checksums()))
                        .setMinPartSizeBytes(change.minPartSizeBytes());
        for (PartRef part : change.parts()) {
            wire.addParts(
                    PartRefWire.newBuilder().setPartNumber(part.partNumber()).setEtag(part.etag()));
        }
        if (!(change.condition() instanceof Precondition.None)) {
            wire.setCondition(ContentCodec.encode(change.condition()));
        }
        return wire.build();
    }

    static CompleteUpload decode(CompleteUploadWire wire) {
        ContentCodec.requireKnown("complete upload", wire);
        List<PartRef> parts = new ArrayList<>(wire.getPartsCount());
        for (PartRefWire part : wire.getPartsList()) {
            ContentCodec.requireKnown("part", part);
            parts.add(new PartRef(part.getPartNumber(), part.getEtag()));
        }
        return new CompleteUpload(
                wire.getBucketId(),
                wire.getKey(),
                wire.getUploadId(),
                parts,
                wire.getEtag(),
                ContentCodec.decodeChecksums(wire.getChecksumsList()),
                wire.getMinPartSizeBytes(),
                wire.hasCondition() ? ContentCodec.decode(wire.getCondition()) : Precondition.NONE);
    }

    static AbortUpload decode(AbortUploadWire wire) {
        ContentCodec.requireKnown("abort upload", wire);
        return new AbortUpload(wire.getBucketId(), wire.getKey(), wire.getUploadId());
    }
}
