package io.varve.journal.codec;

import com.google.protobuf.Message;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.Precondition;
import io.varve.journal.wire.AttributeWire;
import io.varve.journal.wire.AttributesWire;
import io.varve.journal.wire.BlobRefWire;
import io.varve.journal.wire.ChecksumAlgorithmWire;
import io.varve.journal.wire.ChecksumTypeWire;
import io.varve.journal.wire.ChecksumWire;
import io.varve.journal.wire.ManifestWire;
import io.varve.journal.wire.PreconditionWire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What objects and parts have in common. */
final class ContentCodec {
    private ContentCodec() {}

    /** A field this version does not know could change the outcome, so it is not skipped. */
    static void requireKnown(String name, Message wire) {
        if (!wire.getUnknownFields().asMap().isEmpty()) {
            throw new MalformedRecordException(
                    "%s has fields that this version does not know: %s"
                            .formatted(name, wire.getUnknownFields().asMap().keySet()));
        }
    }

    static MalformedRecordException missing(String name) {
        return new MalformedRecordException("record is incomplete: " + name + " is missing");
    }

    static ManifestWire encode(Manifest manifest) {
        ManifestWire.Builder wire = ManifestWire.newBuilder().setPool(manifest.pool());
        for (BlobRef blob : manifest.blobs()) {
            wire.addBlobs(
                    BlobRefWire.newBuilder()
                            .setIdHigh(blob.idHigh())
                            .setIdLow(blob.idLow())
                            .setLengthBytes(blob.lengthBytes())
                            .setCrc32C(blob.crc32c()));
        }
        return wire.build();
    }

    static Manifest decode(ManifestWire wire) {
        requireKnown("manifest", wire);
        List<BlobRef> blobs = new ArrayList<>(wire.getBlobsCount());
        for (BlobRefWire blob : wire.getBlobsList()) {
            requireKnown("blob reference", blob);
            if (blob.getLengthBytes() <= 0) {
                throw new MalformedRecordException(
                        "blob length is not positive: " + blob.getLengthBytes());
            }
            blobs.add(
                    new BlobRef(
                            blob.getIdHigh(),
                            blob.getIdLow(),
                            blob.getLengthBytes(),
                            blob.getCrc32C()));
        }
        return new Manifest(wire.getPool(), blobs);
    }

    static AttributesWire encode(Attributes attributes) {
        AttributesWire.Builder wire = AttributesWire.newBuilder();
        for (Map.Entry<String, String> entry : attributes.headers().entrySet()) {
            wire.addHeaders(encode(entry));
        }
        for (Map.Entry<String, String> entry : attributes.metadata().entrySet()) {
            wire.addMetadata(encode(entry));
        }
        wire.addAllSettings(encode(attributes.settings()));
        return wire.build();
    }

    private static AttributeWire encode(Map.Entry<String, String> entry) {
        return AttributeWire.newBuilder()
                .setName(entry.getKey())
                .setValue(entry.getValue())
                .build();
    }

    /** Names and values, by name. */
    static List<AttributeWire> encode(SortedMap<String, String> entries) {
        List<AttributeWire> wires = new ArrayList<>(entries.size());
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            wires.add(encode(entry));
        }
        return wires;
    }

    static Attributes decode(AttributesWire wire) {
        requireKnown("attributes", wire);
        if (wire.getHeadersCount() == 0
                && wire.getMetadataCount() == 0
                && wire.getSettingsCount() == 0) {
            return Attributes.NONE;
        }
        return new Attributes(
                decodeEntries(wire.getHeadersList()),
                decodeEntries(wire.getMetadataList()),
                decodeEntries(wire.getSettingsList()));
    }

    static SortedMap<String, String> decodeEntries(List<AttributeWire> wires) {
        TreeMap<String, String> entries = new TreeMap<>();
        for (AttributeWire wire : wires) {
            requireKnown("attribute", wire);
            if (!entries.isEmpty() && entries.lastKey().compareTo(wire.getName()) >= 0) {
                throw new MalformedRecordException(
                        "attribute names do not ascend: " + wire.getName());
            }
            entries.put(wire.getName(), wire.getValue());
        }
        return entries;
    }

    static SortedSet<String> decodeNames(List<String> wires) {
        TreeSet<String> names = new TreeSet<>();
        for (String name : wires) {
            if (!names.isEmpty() && names.last().compareTo(name) >= 0) {
                throw new MalformedRecordException("names do not ascend: " + name);
            }
            names.add(name);
        }
        return names;
    }

    static List<ChecksumWire> encode(List<Checksum> checksums) {
        List<ChecksumWire> wires = new ArrayList<>(checksums.size());
        for (Checksum checksum : checksums) {
            wires.add(
                    ChecksumWire.newBuilder()
                            .setAlgorithm(encode(checksum.algorithm()))
                            .setType(encode(checksum.type()))
                            .setValue(checksum.value())
                            .build());
        }
        return wires;
    }

    static List<Checksum> decodeChecksums(List<ChecksumWire> wires) {
        List<Checksum> checksums = new ArrayList<>(wires.size());
        for (ChecksumWire wire : wires) {
            requireKnown("checksum", wire);
            checksums.add(
                    new Checksum(
                            decode(wire.getAlgorithm()), decode(wire.getType()), wire.getValue()));
        }
        return checksums;
    }

    static ChecksumAlgorithmWire encode(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> ChecksumAlgorithmWire.CHECKSUM_ALGORITHM_CRC32;
            case CRC32C -> ChecksumAlgorithmWire.CHECKSUM_ALGORITHM_CRC32C;
            case CRC64NVME -> ChecksumAlgorithmWire.CHECKSUM_ALGORITHM_CRC64NVME;
            case SHA1 -> ChecksumAlgorithmWire.CHECKSUM_ALGORITHM_SHA1;
            case SHA256 -> ChecksumAlgorithmWire.CHECKSUM_ALGORITHM_SHA256;
        };
    }

    static ChecksumAlgorithm decode(ChecksumAlgorithmWire wire) {
        return switch (wire) {
            case CHECKSUM_ALGORITHM_CRC32 -> ChecksumAlgorithm.CRC32;
            case CHECKSUM_ALGORITHM_CRC32C -> ChecksumAlgorithm.CRC32C;
            case CHECKSUM_ALGORITHM_CRC64NVME -> ChecksumAlgorithm.CRC64NVME;
            case CHECKSUM_ALGORITHM_SHA1 -> ChecksumAlgorithm.SHA1;
            case CHECKSUM_ALGORITHM_SHA256 -> ChecksumAlgorithm.SHA256;
            case CHECKSUM_ALGORITHM_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedRecordException("checksum algorithm is unknown: " + wire);
        };
    }

    static ChecksumTypeWire encode(ChecksumType type) {
        return switch (type) {
            case FULL_OBJECT -> ChecksumTypeWire.CHECKSUM_TYPE_FULL_OBJECT;
            case COMPOSITE -> ChecksumTypeWire.CHECKSUM_TYPE_COMPOSITE;
        };
    }

    static ChecksumType decode(ChecksumTypeWire wire) {
        return switch (wire) {
            case CHECKSUM_TYPE_FULL_OBJECT -> ChecksumType.FULL_OBJECT;
            case CHECKSUM_TYPE_COMPOSITE -> ChecksumType.COMPOSITE;
            case CHECKSUM_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedRecordException("checksum type is unknown: " + wire);
        };
    }

    static PreconditionWire encode(Precondition condition) {
        return switch (condition) {
            case Precondition.None() -> PreconditionWire.getDefaultInstance();
            case Precondition.IfAbsent() -> PreconditionWire.newBuilder().setIfAbsent(true).build();
            case Precondition.IfMatch(String etag) ->
                    PreconditionWire.newBuilder()
                            .setIfMatch(ChangeRules.wellFormed("if-match", etag))
                            .build();
            case Precondition.IfOlder(long micros) ->
                    PreconditionWire.newBuilder().setIfOlder(micros).build();
        };
    }

    private static long nonNegative(String name, long value) {
        if (value < 0) {
            throw new MalformedRecordException(name + " is too large: " + value);
        }
        return value;
    }

    /** Only for a condition that is present: no condition is no message at all. */
    static Precondition decode(PreconditionWire wire) {
        requireKnown("condition", wire);
        return switch (wire.getConditionCase()) {
            case IF_ABSENT -> new Precondition.IfAbsent();
            case IF_MATCH -> new Precondition.IfMatch(wire.getIfMatch());
            case IF_OLDER -> new Precondition.IfOlder(nonNegative("if-older", wire.getIfOlder()));
            case CONDITION_NOT_SET -> throw missing("condition");
        };
    }
}
