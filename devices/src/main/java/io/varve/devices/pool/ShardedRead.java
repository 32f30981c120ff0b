package io.varve.devices.pool;

import io.varve.devices.erasure.ErasureCode;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One read of a range of a blob that is in shards: of each data shard only the bytes asked for; of
 * one that cannot be read the same bytes of k others, of which those that are asked for anyway are
 * read once. Single-threaded, but for the devices being read side by side.
 */
final class ShardedRead {
    /** Most of a lost shard that is made at once, so that memory is bounded by k MiB. */
    private static final int WINDOW_BYTES = ScratchPool.LARGE_BYTES;

    private final ShardSource source;
    private final ErasureCode code;
    private final ShardLayout layout;
    private final int offset;
    private final ByteBuffer out;
    private final List<Piece> good = new ArrayList<>();
    private final List<Piece> lost = new ArrayList<>();

    /** A range of a data shard that is a range of what was asked for. */
    private record Piece(int shard, int from, int to, ByteBuffer bytes) {
        boolean covers(int begin, int end) {
            return from <= begin && end <= to;
        }
    }

    /**
     * @param out to be filled with the bytes from the offset on, all of which the blob has
     */
    ShardedRead(
            ShardSource source, ErasureCode code, ShardLayout layout, int offset, ByteBuffer out) {
        this.source = source;
        this.code = code;
        this.layout = layout;
        this.offset = offset;
        this.out = out;
    }

    void run() {
        List<Piece> pieces = pieces();
        List<Supplier<Boolean>> reads = new ArrayList<>();
        for (Piece piece : pieces) {
            reads.add(() -> source.read(piece.shard, piece.from, piece.bytes));
        }
        List<Boolean> done = ShardSource.runAll(reads, out.remaining());
        for (int i = 0; i < pieces.size(); i++) {
            (done.get(i) ? good : lost).add(pieces.get(i));
        }
        for (Piece piece : lost) {
            for (int from = piece.from; from < piece.to; from += WINDOW_BYTES) {
                rebuild(piece, from, Math.min(piece.to, from + WINDOW_BYTES));
            }
        }
    }

    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        int at = offset;
        int end = offset + out.remaining();
        while (at < end) {
            int shard = layout.shardOf(at);
            int start = layout.start(shard);
            int to = Math.min(end - start, layout.lengthBytes(shard));
            int from = at - start;
            ByteBuffer bytes = out.slice(out.position() + at - offset, to - from);
            pieces.add(new Piece(shard, from, to, bytes));
            at = start + to;
        }
        return pieces;
    }

    private void rebuild(Piece piece, int from, int to) {
        SortedMap<Integer, ByteBuffer> present = new TreeMap<>();
        for (Piece other : good) {
            int end = Math.min(to, layout.lengthBytes(other.shard));
            if (from < end && other.covers(from, end)) {
                present.put(other.shard, other.bytes.slice(from - other.from, end - from));
            }
        }
        Deque<Integer> candidates = candidates(piece, present.keySet());
        while (present.size() < layout.dataShards()) {
            List<Integer> tried = new ArrayList<>();
            while (present.size() + tried.size() < layout.dataShards() && !candidates.isEmpty()) {
                tried.add(candidates.remove());
            }
            if (tried.isEmpty()) {
                throw source.unreadable();
            }
            fetch(tried, from, to, present);
        }
        ByteBuffer wanted = piece.bytes.slice(from - piece.from, to - from);
        code.rebuild(present, new TreeMap<>(Map.of(piece.shard, wanted)));
    }

    /** Last those that failed already: perhaps elsewhere than in this range. */
    private Deque<Integer> candidates(Piece piece, Set<Integer> present) {
        Deque<Integer> candidates = new ArrayDeque<>();
        for (int shard = 0; shard < layout.totalShards(); shard++) {
            int candidate = shard;
            if (!present.contains(shard) && lost.stream().noneMatch(of -> of.shard == candidate)) {
                candidates.add(shard);
            }
        }
        for (Piece other : lost) {
            if (other.shard != piece.shard) {
                candidates.add(other.shard);
            }
        }
        return candidates;
    }

    private void fetch(
            List<Integer> shards, int from, int to, SortedMap<Integer, ByteBuffer> present) {
        List<ByteBuffer> buffers = new ArrayList<>();
        List<Supplier<Boolean>> reads = new ArrayList<>();
        for (int shard : shards) {
            // What a shard lacks at its end counts as zeros: nothing to be read.
            int length = Math.max(0, Math.min(to, layout.lengthBytes(shard)) - from);
            ByteBuffer bytes = ByteBuffer.allocate(length);
            buffers.add(bytes);
            reads.add(() -> length == 0 || source.read(shard, from, bytes));
        }
        List<Boolean> done = ShardSource.runAll(reads, (to - from) * shards.size());
        for (int i = 0; i < shards.size(); i++) {
            if (done.get(i)) {
                present.put(shards.get(i), buffers.get(i));
            }
        }
    }
}
