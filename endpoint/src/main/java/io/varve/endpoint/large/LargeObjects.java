package io.varve.endpoint.large;

import io.varve.endpoint.link.LinkException;
import io.varve.endpoint.link.Links;
import io.varve.endpoint.store.Content;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Reads large objects as one: no byte is copied, each segment object is read where it lies. Safe
 * for use by many threads.
 */
public final class LargeObjects {
    /** How deep large objects may be made of large objects. */
    public static final int MAX_DEPTH = 10;

    /** How many segment objects a dynamic one may have. */
    private static final int MAX_DYNAMIC_SEGMENTS = 100_000;

    private static final int PAGE = 1000;

    private final ObjectStore store;
    private final Links links;

    public LargeObjects(ObjectStore store) {
        this.store = store;
        this.links = new Links(store);
    }

    /** Bytes as one, however many objects they lie in. */
    public interface Whole extends Content {
        /** Without quotes. */
        String etag();

        /** When it was last changed; of a dynamic one, it or any of its segment objects. */
        long modifiedMicros();

        /** How many segment objects it has; 0 when it is not a large object. */
        int segmentCount();

        /** How many bytes each segment gives to it, in order; empty when it is no large object. */
        List<Long> segmentSizesBytes();

        /**
         * @throws LargeObjectException when a segment that the range needs is gone, has changed, or
         *     may not be read
         */
        @Override
        ObjectReader open(long offset, long lengthBytes);
    }

    /**
     * The whole that an object stands for: the segments of a large one, itself otherwise.
     *
     * @param readable whether the reader may read this object of that bucket as a segment
     */
    public Whole whole(ObjectVersion object, BiPredicate<Bucket, ObjectVersion> readable) {
        return whole(object, readable, 0);
    }

    private Whole whole(
            ObjectVersion object, BiPredicate<Bucket, ObjectVersion> readable, int depth) {
        if (depth > MAX_DEPTH) {
            throw new LargeObjectException("large objects are nested too deep");
        }
        Optional<LargeObject> large = LargeObject.of(object);
        if (large.isEmpty()) {
            return new Plain(store, object);
        }
        return switch (large.get()) {
            case LargeObject.Static described ->
                    new StaticWhole(object, described, readable, depth);
            case LargeObject.Dynamic(String bucket, String prefix) -> {
                List<ObjectVersion> segments = segments(object, bucket, prefix, readable);
                yield new DynamicWhole(object, segments, readable, depth);
            }
        };
    }

    /** What a static large object is made of. */
    public List<Segment> segments(ObjectVersion manifest) {
        return Manifest.read(bytes(manifest));
    }

    private byte[] bytes(ObjectVersion object) {
        if (object.sizeBytes() == 0) {
            return "[]".getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) object.sizeBytes());
        try (ObjectReader reader = store.open(object, 0, object.sizeBytes())) {
            reader.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private Optional<Bucket> sibling(ObjectVersion object, String name) {
        String owner = store.view().bucket(object.bucketId()).map(Bucket::owner).orElse("");
        return store.bucket(owner, name).filter(bucket -> bucket.owner().equals(owner));
    }

    private List<ObjectVersion> segments(
            ObjectVersion object,
            String name,
            String prefix,
            BiPredicate<Bucket, ObjectVersion> readable) {
        Optional<Bucket> bucket = sibling(object, name);
        List<ObjectVersion> segments = new ArrayList<>();
        if (bucket.isEmpty()) {
            return segments;
        }
        String after = null;
        do {
            ListPage page =
                    store.view().list(new ListQuery(bucket.get().id(), prefix, "", after, PAGE));
            for (ObjectVersion segment : page.objects()) {
                if (!readable.test(bucket.get(), segment)) {
                    throw new LargeObjectException("may not be listed: " + name, true);
                }
                segments.add(standsFor(bucket.get(), segment, readable));
            }
            after = page.next();
        } while (after != null && segments.size() < MAX_DYNAMIC_SEGMENTS);
        if (after != null) {
            throw new LargeObjectException("has too many segment objects: " + prefix);
        }
        return segments;
    }

    /**
     * The object whose bytes a segment object gives: a link gives those of what it leads to.
     *
     * @throws LargeObjectException when the link cannot be followed
     */
    public ObjectVersion standsFor(
            Bucket bucket, ObjectVersion segment, BiPredicate<Bucket, ObjectVersion> readable) {
        try {
            return links.follow(
                            bucket,
                            segment,
                            (b, _, object) -> object.filter(o -> readable.test(b, o)).isPresent())
                    .object();
        } catch (LinkException e) {
            throw new LargeObjectException("link leads nowhere: " + segment.key());
        }
    }

    private static void requireReadable(
            Bucket bucket, ObjectVersion segment, BiPredicate<Bucket, ObjectVersion> readable) {
        if (!readable.test(bucket, segment)) {
            throw new LargeObjectException("may not be read: " + segment.key());
        }
    }

    private record Plain(ObjectStore store, ObjectVersion object) implements Whole {
        @Override
        public long sizeBytes() {
            return object.sizeBytes();
        }

        @Override
        public String etag() {
            return object.etag();
        }

        @Override
        public long modifiedMicros() {
            return object.createdMicros();
        }

        @Override
        public int segmentCount() {
            return 0;
        }

        @Override
        public List<Long> segmentSizesBytes() {
            return List.of();
        }

        @Override
        public ObjectReader open(long offset, long lengthBytes) {
            return store.open(object, offset, lengthBytes);
        }
    }

    private final class StaticWhole implements Whole {
        private final ObjectVersion manifest;
        private final LargeObject.Static described;
        private final BiPredicate<Bucket, ObjectVersion> readable;
        private final int depth;

        StaticWhole(
                ObjectVersion manifest,
                LargeObject.Static described,
                BiPredicate<Bucket, ObjectVersion> readable,
                int depth) {
            this.manifest = manifest;
            this.described = described;
            this.readable = readable;
            this.depth = depth;
        }

        @Override
        public long sizeBytes() {
            return described.sizeBytes();
        }

        @Override
        public String etag() {
            return described.etag();
        }

        @Override
        public long modifiedMicros() {
            return manifest.createdMicros();
        }

        @Override
        public int segmentCount() {
            return described.segmentCount();
        }

        @Override
        public List<Long> segmentSizesBytes() {
            return segments(manifest).stream().map(Segment::lengthBytes).toList();
        }

        @Override
        public ObjectReader open(long offset, long lengthBytes) {
            List<Piece> pieces = new ArrayList<>();
            collect(offset, lengthBytes, pieces);
            return new PiecesReader(store, pieces);
        }

        void collect(long offset, long lengthBytes, List<Piece> pieces) {
            long at = 0;
            for (Segment segment : segments(manifest)) {
                long from = Math.max(offset, at);
                long to = Math.min(offset + lengthBytes, at + segment.lengthBytes());
                if (from < to) {
                    add(segment, from - at, to - from, pieces);
                }
                at += segment.lengthBytes();
            }
        }

        private void add(Segment segment, long offset, long lengthBytes, List<Piece> pieces) {
            switch (segment) {
                case Segment.Inline(byte[] bytes) ->
                        pieces.add(new Piece.Inline(bytes, (int) offset, (int) lengthBytes));
                case Segment.Stored stored -> {
                    Whole whole = whole(current(stored), readable, depth + 1);
                    if (whole.sizeBytes() != stored.sizeBytes()
                            || !whole.etag().equals(stored.etag())) {
                        throw new LargeObjectException("has changed: " + stored.key());
                    }
                    addPieces(whole, stored.offset() + offset, lengthBytes, pieces);
                }
            }
        }

        private ObjectVersion current(Segment.Stored stored) {
            Bucket bucket =
                    sibling(manifest, stored.bucket())
                            .orElseThrow(
                                    () -> new LargeObjectException("gone: " + stored.bucket()));
            ObjectVersion segment =
                    store.view()
                            .latest(bucket.id(), stored.key())
                            .filter(version -> !version.deleteMarker())
                            .orElseThrow(() -> new LargeObjectException("gone: " + stored.key()));
            requireReadable(bucket, segment, readable);
            return standsFor(bucket, segment, readable);
        }
    }

    private static void addPieces(Whole whole, long offset, long lengthBytes, List<Piece> pieces) {
        switch (whole) {
            case Plain(_, ObjectVersion object) ->
                    pieces.add(new Piece.OfVersion(object, offset, lengthBytes));
            case StaticWhole made -> made.collect(offset, lengthBytes, pieces);
            case DynamicWhole made -> made.collect(offset, lengthBytes, pieces);
            default -> throw new IllegalStateException("of another making: " + whole);
        }
    }

    private final class DynamicWhole implements Whole {
        private final List<Whole> segments = new ArrayList<>();
        private final long sizeBytes;
        private final String etag;
        private final long modifiedMicros;

        DynamicWhole(
                ObjectVersion manifest,
                List<ObjectVersion> objects,
                BiPredicate<Bucket, ObjectVersion> readable,
                int depth) {
            StringBuilder etags = new StringBuilder();
            long size = 0;
            long modified = manifest.createdMicros();
            for (ObjectVersion object : objects) {
                // A dynamic large object among its own segments stands for its own bytes.
                boolean dynamic =
                        LargeObject.of(object)
                                .filter(LargeObject.Dynamic.class::isInstance)
                                .isPresent();
                Whole segment =
                        dynamic ? new Plain(store, object) : whole(object, readable, depth + 1);
                segments.add(segment);
                size += segment.sizeBytes();
                modified = Math.max(modified, object.createdMicros());
                etags.append(segment.etag());
            }
            this.sizeBytes = size;
            this.modifiedMicros = modified;
            this.etag = md5(etags.toString());
        }

        @Override
        public long sizeBytes() {
            return sizeBytes;
        }

        @Override
        public String etag() {
            return etag;
        }

        @Override
        public long modifiedMicros() {
            return modifiedMicros;
        }

        @Override
        public int segmentCount() {
            return segments.size();
        }

        @Override
        public List<Long> segmentSizesBytes() {
            return segments.stream().map(Whole::sizeBytes).toList();
        }

        @Override
        public ObjectReader open(long offset, long lengthBytes) {
            List<Piece> pieces = new ArrayList<>();
            collect(offset, lengthBytes, pieces);
            return new PiecesReader(store, pieces);
        }

        void collect(long offset, long lengthBytes, List<Piece> pieces) {
            long at = 0;
            for (Whole segment : segments) {
                long from = Math.max(offset, at);
                long to = Math.min(offset + lengthBytes, at + segment.sizeBytes());
                if (from < to) {
                    addPieces(segment, from - at, to - from, pieces);
                }
                at += segment.sizeBytes();
            }
        }
    }

    /** The ETag of a whole, from what its segments are known by. */
    public static String md5(String text) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(md5.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
