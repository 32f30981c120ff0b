package io.varve.endpoint.s3;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Entity tags: quoted on the wire, bare inside. */
final class ETags {
    private ETags() {}

    static String quoted(String etag) {
        return '"' + etag + '"';
    }

    /** The bare tag of one that a client wrote with quotes or without, strong or weak. */
    static String bare(String text) {
        String tag = text.strip();
        if (tag.startsWith("W/")) {
            tag = tag.substring(2);
        }
        if (tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")) {
            tag = tag.substring(1, tag.length() - 1);
        }
        return tag;
    }

    /** Whether a list of tags, or {@code *}, as {@code If-Match} has it, names this one. */
    static boolean listMatches(String list, String etag) {
        if (list.strip().equals("*")) {
            return true;
        }
        for (String tag : list.split(",", -1)) {
            if (bare(tag).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    /** The tag of an object made of parts: the MD5 of the parts' MD5s, and how many they are. */
    static String composite(List<String> partEtags) {
        var md5 = Digests.md5();
        for (String etag : partEtags) {
            md5.update(HexFormat.of().parseHex(etag));
        }
        return HexFormat.of().formatHex(md5.digest()) + "-" + partEtags.size();
    }

    /** The tags of a list in their bare form. */
    static List<String> bareAll(List<String> etags) {
        List<String> bare = new ArrayList<>(etags.size());
        for (String etag : etags) {
            bare.add(bare(etag));
        }
        return bare;
    }
}
