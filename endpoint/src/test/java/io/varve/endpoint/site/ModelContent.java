package io.varve.endpoint.site;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Bytes that can be made again, so that a model of many objects holds none of them. */
record ModelContent(List<Piece> pieces) {
    static final ModelContent EMPTY = new ModelContent(List.of());

    record Piece(long seed, int lengthBytes) {
        byte[] bytes() {
            byte[] bytes = new byte[lengthBytes];
            new Random(seed).nextBytes(bytes);
            return bytes;
        }
    }

    static ModelContent of(long seed, int lengthBytes) {
        return new ModelContent(List.of(new Piece(seed, lengthBytes)));
    }

    static ModelContent concatenated(List<ModelContent> contents) {
        List<Piece> all = new ArrayList<>();
        contents.forEach(content -> all.addAll(content.pieces()));
        return new ModelContent(all);
    }

    int lengthBytes() {
        return pieces.stream().mapToInt(Piece::lengthBytes).sum();
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(piece.bytes()));
        return out.toByteArray();
    }

    String md5() {
        return HexFormat.of().formatHex(md5Of(bytes()));
    }

    static byte[] md5Of(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
