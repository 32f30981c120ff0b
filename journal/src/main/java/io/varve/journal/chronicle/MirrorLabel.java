package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.frame.ChainHash;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a mirror directory says of itself, kept in two equal files so that one damaged copy is
 * harmless.
 *
 * @param siteId whose journal this is
 * @param mirrorId which directory this is, whatever its path
 * @param revision counts the label's versions; the higher one of the two copies is right
 * @param promisedEpoch the highest writer epoch that has asked to take over
 * @param acceptedEpoch the writer epoch with which this directory was last brought into agreement
 * @param members the directories that took part in that epoch
 * @param firstCycle the lowest cycle that must exist
 * @param mark up to where records are known to be durable
 */
record MirrorLabel(
        UUID siteId,
        UUID mirrorId,
        long revision,
        long promisedEpoch,
        long acceptedEpoch,
        List<UUID> members,
        long firstCycle,
        Mark mark) {

    private static final String TITLE = "varve-journal-label 1";

    /** Overwritten in place, so all labels of a mirror should have one size. */
    private static final int ALIGNMENT_BYTES = 4096;

    /**
     * A place in the history.
     *
     * @param chain the chain hash there; never changed
     */
    record Mark(long position, byte[] chain) {
        static final Mark NONE = new Mark(0, ChainHash.genesis());

        boolean isSameAs(Mark other) {
            return position == other.position && Arrays.equals(chain, other.chain);
        }
    }

    MirrorLabel {
        members = List.copyOf(members);
    }

    static MirrorLabel fresh(UUID siteId, UUID mirrorId) {
        return new MirrorLabel(siteId, mirrorId, 0, 0, 0, List.of(), 1, Mark.NONE);
    }

    MirrorLabel promise(long epoch) {
        return new MirrorLabel(
                siteId, mirrorId, revision + 1, epoch, acceptedEpoch, members, firstCycle, mark);
    }

    MirrorLabel accept(long epoch, List<UUID> newMembers, Mark newMark) {
        return new MirrorLabel(
                siteId, mirrorId, revision + 1, epoch, epoch, newMembers, firstCycle, newMark);
    }

    MirrorLabel withMark(Mark newMark) {
        return new MirrorLabel(
                siteId,
                mirrorId,
                revision + 1,
                promisedEpoch,
                acceptedEpoch,
                members,
                firstCycle,
                newMark);
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        text.append("site=").append(siteId).append('\n');
        text.append("mirror=").append(mirrorId).append('\n');
        text.append("revision=").append(revision).append('\n');
        text.append("promisedEpoch=").append(promisedEpoch).append('\n');
        text.append("acceptedEpoch=").append(acceptedEpoch).append('\n');
        text.append("members=")
                .append(String.join(",", members.stream().map(UUID::toString).toList()))
                .append('\n');
        text.append("firstCycle=").append(firstCycle).append('\n');
        text.append("markPosition=").append(mark.position()).append('\n');
        text.append("markChain=").append(HexFormat.of().formatHex(mark.chain())).append('\n');
        text.append(crcLine(text.toString(), text.length())).append('\n');
        int padding = -text.length() & (ALIGNMENT_BYTES - 1);
        text.repeat('\n', padding);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The label, or null when the bytes are not exactly what {@link #encode} makes. */
    static @Nullable MirrorLabel decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int crcLine = text.lastIndexOf("crc32c=");
        if (!text.startsWith(TITLE + "\n")
                || crcLine < 0
                || bytes.length % ALIGNMENT_BYTES != 0
                || !text.substring(crcLine).stripTrailing().equals(crcLine(text, crcLine))) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : text.substring(TITLE.length() + 1, crcLine).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        try {
            return new MirrorLabel(
                    UUID.fromString(field(fields, "site")),
                    UUID.fromString(field(fields, "mirror")),
                    Long.parseLong(field(fields, "revision")),
                    Long.parseLong(field(fields, "promisedEpoch")),
                    Long.parseLong(field(fields, "acceptedEpoch")),
                    uuids(field(fields, "members")),
                    Long.parseLong(field(fields, "firstCycle")),
                    new Mark(
                            Long.parseLong(field(fields, "markPosition")),
                            HexFormat.of().parseHex(field(fields, "markChain"))));
        } catch (IllegalArgumentException e) {
            throw new JournalException("journal label is of another version: " + text, e);
        }
    }

    private static String crcLine(String text, int end) {
        return "crc32c=" + crc(text.substring(0, end));
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("label has no " + name);
        }
        return value;
    }

    private static List<UUID> uuids(String list) {
        List<UUID> uuids = new ArrayList<>();
        if (!list.isEmpty()) {
            for (String uuid : list.split(",", -1)) {
                uuids.add(UUID.fromString(uuid));
            }
        }
        return uuids;
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
