package io.varve.devices.log;

import io.varve.devices.BlobId;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Where on a device's media what matters is, for tests that damage it. */
public final class MediaRegions {
    private static final int COVERED_HEADER_BYTES = 40;
    private static final int FOOTER_MAGIC = 0x5254_4656;
    private static final int LABEL_BYTES = 40;

    private MediaRegions() {}

    public enum Kind {
        PAYLOAD,
        RECORD_HEAD,
        SEGMENT_HEADER,
        SEGMENT_FOOTER,
        LABEL
    }

    /**
     * Bytes of one thing.
     *
     * @param blobId of a record; of other things none in particular
     * @param sequence of a segment; -1 of other things
     */
    public record Region(
            Kind kind, Path file, long offset, int lengthBytes, BlobId blobId, long sequence) {
        /** Turns one bit of it around. */
        public void flip(Random random) throws IOException {
            long at = offset + random.nextInt(lengthBytes);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(Byte.SIZE)));
                channel.write(one.flip(), at);
            }
        }
    }

    private static final BlobId NONE = new BlobId(0, 0);

    /** Of each blob that the device has either its payload or its head, as chance will have it. */
    public static List<Region> records(DeviceLog log, Path directory, Random random) {
        List<Region> regions = new ArrayList<>();
        log.list(
                (blobId, lengthBytes) -> {
                    BlobPlace place = log.place(blobId);
                    if (place == null || lengthBytes == 0) {
                        return;
                    }
                    Path file = directory.resolve(Segment.name(place.slot()));
                    regions.add(
                            random.nextBoolean()
                                    ? new Region(
                                            Kind.PAYLOAD,
                                            file,
                                            place.offset() + place.headBytes(),
                                            lengthBytes,
                                            blobId,
                                            -1)
                                    : new Region(
                                            Kind.RECORD_HEAD,
                                            file,
                                            place.offset(),
                                            RecordDescriptor.FIXED_BYTES,
                                            blobId,
                                            -1));
                });
        return regions;
    }

    /** Of each sealed segment either a copy of its header or its footer. */
    public static List<Region> segments(Path directory, Random random) throws IOException {
        List<Region> regions = new ArrayList<>();
        try (Stream<Path> names = Files.list(directory)) {
            for (Path file : names.sorted().toList()) {
                if (Segment.slotOf(String.valueOf(file.getFileName())) >= 0) {
                    addSegment(file, random, regions);
                }
            }
        }
        return regions;
    }

    private static void addSegment(Path file, Random random, List<Region> regions)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long end = channel.size();
            if (end < 2 * SegmentHeader.SIZE_BYTES) {
                return;
            }
            ByteBuffer header = read(channel, 0);
            ByteBuffer trailer = read(channel, end - SegmentFooter.TRAILER_BYTES);
            long sequence = header.getLong(16);
            boolean sealed =
                    header.getInt(12) == 1
                            && trailer.getInt(0) == FOOTER_MAGIC
                            && trailer.getLong(16) == sequence;
            if (!sealed) {
                return;
            }
            int footer = trailer.getInt(12);
            long copy = random.nextBoolean() ? 0 : SegmentHeader.COPY_BYTES;
            regions.add(
                    random.nextBoolean()
                            ? new Region(
                                    Kind.SEGMENT_HEADER,
                                    file,
                                    copy,
                                    COVERED_HEADER_BYTES,
                                    NONE,
                                    sequence)
                            : new Region(
                                    Kind.SEGMENT_FOOTER,
                                    file,
                                    end - footer,
                                    footer,
                                    NONE,
                                    sequence));
        }
    }

    /** Whether a segment file ends with the footer of what its header says is in it. */
    static boolean sealed(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int trailer = file.length - SegmentFooter.TRAILER_BYTES;
        return bytes.getInt(12) == 1
                && bytes.getInt(trailer) == FOOTER_MAGIC
                && bytes.getLong(trailer + 16) == bytes.getLong(16);
    }

    /**
     * Whether what was there when the region was chosen is elsewhere by now: compaction, which goes
     * on meanwhile, had read it before.
     */
    public static boolean isLeft(DeviceLog log, Region region) throws IOException {
        return switch (region.kind()) {
            case PAYLOAD, RECORD_HEAD -> {
                BlobPlace place = log.place(region.blobId());
                int head = place == null ? 0 : place.headBytes();
                yield place == null
                        || !region.file().endsWith(Segment.name(place.slot()))
                        || region.offset()
                                != place.offset() + (region.kind() == Kind.PAYLOAD ? head : 0);
            }
            case SEGMENT_HEADER, SEGMENT_FOOTER -> {
                try (FileChannel channel = FileChannel.open(region.file())) {
                    yield !isInUse(read(channel, 0), region)
                            && !isInUse(read(channel, SegmentHeader.COPY_BYTES), region);
                }
            }
            case LABEL -> false;
        };
    }

    private static boolean isInUse(ByteBuffer header, Region region) {
        return header.getInt(12) == 1 && header.getLong(16) == region.sequence();
    }

    private static ByteBuffer read(FileChannel channel, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentFooter.TRAILER_BYTES);
        channel.read(bytes.order(ByteOrder.LITTLE_ENDIAN), offset);
        return bytes;
    }

    /** One copy of the label. */
    public static Region label(Path directory, Random random) {
        String name = LabelFiles.NAMES.get(random.nextInt(LabelFiles.NAMES.size()));
        return new Region(Kind.LABEL, directory.resolve(name), 0, LABEL_BYTES, NONE, -1);
    }
}
