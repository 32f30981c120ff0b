package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Manifest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The composite fields of rows; docs/formats/namespace.md draws them. */
final class RowFields {
    private static final HexFormat HEX = HexFormat.of();
    private static final int MD5_BYTES = 16;

    private static final int ETAG_OTHER = 0;
    private static final int ETAG_MD5 = 1;
    private static final int ETAG_COMPOSITE = 2;

    private static final int CONTENT_NONE = 0;
    private static final int CONTENT_INLINE = 1;
    private static final int CONTENT_CHUNKED = 2;
    private static final int CONTENT_PARTS = 3;

    private RowFields() {}

    /** Half the size for the forms that an ETag nearly always has. */
    static void writeEtag(RowWriter to, String etag) {
        int md5Length = 2 * MD5_BYTES;
        if (etag.length() == md5Length && isLowerHex(etag)) {
            to.u8(ETAG_MD5).raw(HEX.parseHex(etag));
            return;
        }
        if (etag.length() > md5Length + 1
                && etag.charAt(md5Length) == '-'
                && isLowerHex(etag)
                && isPlainNumber(etag, md5Length + 1)) {
            to.u8(ETAG_COMPOSITE)
                    .raw(HEX.parseHex(etag, 0, md5Length))
                    .varint(Integer.parseInt(etag, md5Length + 1, etag.length(), 10));
            return;
        }
        to.u8(ETAG_OTHER).string(etag);
    }

    private static boolean isLowerHex(String etag) {
        for (int i = 0; i < 2 * MD5_BYTES; i++) {
            char c = etag.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it comes out the same after it has been a number: no sign, no leading zero. */
    private static boolean isPlainNumber(String etag, int from) {
        if (etag.length() - from > 9 || etag.charAt(from) == '0') {
            return false;
        }
        for (int i = from; i < etag.length(); i++) {
            if (etag.charAt(i) < '0' || etag.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static String readEtag(RowReader from) {
        int form = from.u8();
        return switch (form) {
            case ETAG_MD5 -> HEX.formatHex(from.raw(MD5_BYTES));
            case ETAG_COMPOSITE -> HEX.formatHex(from.raw(MD5_BYTES)) + "-" + from.varint();
            case ETAG_OTHER -> from.string();
            default -> throw from.damaged("etag form " + form);
        };
    }

    static void writeManifest(RowWriter to, Manifest manifest) {
        to.varint(manifest.pool()).varint(manifest.blobs().size());
        for (BlobRef blob : manifest.blobs()) {
            to.fixed64(blob.idHigh())
                    .fixed64(blob.idLow())
                    .varint(blob.lengthBytes())
                    .fixed32(blob.crc32c());
        }
    }

    static Manifest readManifest(RowReader from) {
        int pool = from.varint32();
        int count = from.varint32();
        List<BlobRef> blobs = new ArrayList<>(Math.min(count, 4096));
        for (int i = 0; i < count; i++) {
            blobs.add(new BlobRef(from.fixed64(), from.fixed64(), from.varint32(), from.fixed32()));
        }
        return new Manifest(pool, blobs);
    }

    static void writeContent(RowWriter to, Content content) {
        switch (content) {
            case Content.None none -> to.u8(CONTENT_NONE);
            case Content.Inline inline -> {
                to.u8(CONTENT_INLINE).varint(inline.id());
                writeManifest(to, inline.manifest());
            }
            case Content.Chunked chunked -> to.u8(CONTENT_CHUNKED).varint(chunked.id());
            case Content.Parts parts -> to.u8(CONTENT_PARTS).varint(parts.id());
        }
    }

    static Content readContent(RowReader from) {
        int kind = from.u8();
        return switch (kind) {
            case CONTENT_NONE -> Content.NONE;
            case CONTENT_INLINE -> new Content.Inline(from.varint(), readManifest(from));
            case CONTENT_CHUNKED -> new Content.Chunked(from.varint());
            case CONTENT_PARTS -> new Content.Parts(from.varint());
            default -> throw from.damaged("content kind " + kind);
        };
    }

    static void writeAttributes(RowWriter to, Attributes attributes) {
        writeMap(to, attributes.headers());
        writeMap(to, attributes.metadata());
        writeMap(to, attributes.settings());
    }

    static void writeMap(RowWriter to, SortedMap<String, String> map) {
        to.varint(map.size());
        map.forEach((name, value) -> to.string(name).string(value));
    }

    static Attributes readAttributes(RowReader from) {
        SortedMap<String, String> headers = readMap(from);
        SortedMap<String, String> metadata = readMap(from);
        SortedMap<String, String> settings = readMap(from);
        return headers.isEmpty() && metadata.isEmpty() && settings.isEmpty()
                ? Attributes.NONE
                : new Attributes(headers, metadata, settings);
    }

    static SortedMap<String, String> readMap(RowReader from) {
        SortedMap<String, String> map = new TreeMap<>();
        for (int left = from.varint32(); left > 0; left--) {
            map.put(from.string(), from.string());
        }
        return map;
    }

    static void writeChecksums(RowWriter to, List<Checksum> checksums) {
        to.varint(checksums.size());
        for (Checksum checksum : checksums) {
            to.u8(code(checksum.algorithm())).u8(code(checksum.type())).string(checksum.value());
        }
    }

    static List<Checksum> readChecksums(RowReader from) {
        int count = from.varint32();
        if (count == 0) {
            return List.of();
        }
        List<Checksum> checksums = new ArrayList<>(Math.min(count, 8));
        for (int i = 0; i < count; i++) {
            ChecksumAlgorithm algorithm = readAlgorithm(from);
            ChecksumType type = readType(from);
            if (algorithm == null || type == null) {
                throw from.damaged("checksum without algorithm or type");
            }
            checksums.add(new Checksum(algorithm, type, from.string()));
        }
        return checksums;
    }

    static int code(@Nullable ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case null -> 0;
            case CRC32 -> 1;
            case CRC32C -> 2;
            case CRC64NVME -> 3;
            case SHA1 -> 4;
            case SHA256 -> 5;
        };
    }

    static @Nullable ChecksumAlgorithm readAlgorithm(RowReader from) {
        int code = from.u8();
        return switch (code) {
            case 0 -> null;
            case 1 -> ChecksumAlgorithm.CRC32;
            case 2 -> ChecksumAlgorithm.CRC32C;
            case 3 -> ChecksumAlgorithm.CRC64NVME;
            case 4 -> ChecksumAlgorithm.SHA1;
            case 5 -> ChecksumAlgorithm.SHA256;
            default -> throw from.damaged("checksum algorithm " + code);
        };
    }

    static int code(@Nullable ChecksumType type) {
        return switch (type) {
            case null -> 0;
            case FULL_OBJECT -> 1;
            case COMPOSITE -> 2;
        };
    }

    static @Nullable ChecksumType readType(RowReader from) {
        int code = from.u8();
        return switch (code) {
            case 0 -> null;
            case 1 -> ChecksumType.FULL_OBJECT;
            case 2 -> ChecksumType.COMPOSITE;
            default -> throw from.damaged("checksum type " + code);
        };
    }
}
