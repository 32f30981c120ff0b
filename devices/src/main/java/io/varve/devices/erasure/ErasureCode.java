package io.varve.devices.erasure;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Reed-Solomon code over GF(2^8): k data shards get m parity shards, and any k of the k + m bring
 * back all others. Shards 0 to k-1 are the data as they are, the others parity; the first parity is
 * the exclusive or of the data.
 *
 * <p>Each byte of a parity shard depends on the bytes at the same offset of the data shards alone,
 * so any range of a shard is made from the same range of k others. Shards may be of any length; one
 * that is shorter than others counts as followed by zeros.
 *
 * <p>Thread: any; immutable but for a bounded memory of plans.
 */
public final class ErasureCode {
    /** Most shards, data and parity together: that many are numbered in five bits from one on. */
    public static final int MAX_SHARDS = 31;

    /** 4 KiB of each of a few shards stay in the processor's first cache. */
    private static final int BLOCK_LONGS = 512;

    private static final int BLOCK_BYTES = BLOCK_LONGS * Long.BYTES;

    /** More kinds of loss than that at a time are rare, and a plan takes microseconds to make. */
    private static final int MAX_PLANS = 256;

    private final int dataShards;
    private final int parityShards;
    private final GaloisMatrix parity;
    private final Map<Long, RebuildPlan> plans = new ConcurrentHashMap<>();

    public ErasureCode(int dataShards, int parityShards) {
        if (dataShards < 1 || parityShards < 1 || dataShards + parityShards > MAX_SHARDS) {
            throw new IllegalArgumentException(
                    "no code of %d+%d shards: both at least 1, together at most %d"
                            .formatted(dataShards, parityShards, MAX_SHARDS));
        }
        this.dataShards = dataShards;
        this.parityShards = parityShards;
        this.parity = GaloisMatrix.parity(dataShards, parityShards);
    }

    public int dataShards() {
        return dataShards;
    }

    public int parityShards() {
        return parityShards;
    }

    public int totalShards() {
        return dataShards + parityShards;
    }

    /** What a data shard is multiplied by in a parity shard, counted from 0. */
    public int coefficient(int parityShard, int dataShard) {
        return parity.at(parityShard, dataShard);
    }

    /**
     * Fills the parity shards.
     *
     * @param data k shards, each the remaining bytes of its buffers, which keep their positions
     * @param parityTargets m buffers, each to be filled to its limit
     */
    public void encode(List<List<ByteBuffer>> data, List<ByteBuffer> parityTargets) {
        check(data.size() == dataShards, "data shards", data.size());
        check(parityTargets.size() == parityShards, "parity shards", parityTargets.size());
        RebuildPlan plan = plan((1 << dataShards) - 1, ((1 << parityShards) - 1) << dataShards);
        run(plan, data, parityTargets);
    }

    /**
     * Makes shards out of others.
     *
     * @param present at least k shards (or the same range of each) by number
     * @param wanted where to put the others, by number: filled to the limit
     */
    public void rebuild(
            SortedMap<Integer, ByteBuffer> present, SortedMap<Integer, ByteBuffer> wanted) {
        check(present.size() >= dataShards, "shards to rebuild from", present.size());
        int presentMask = mask(present);
        int wantedMask = mask(wanted);
        check((presentMask & wantedMask) == 0, "shards both present and wanted", wantedMask);
        RebuildPlan plan = plan(presentMask, wantedMask);
        List<List<ByteBuffer>> sources = new ArrayList<>();
        for (int shard : plan.sources()) {
            ByteBuffer bytes = present.get(shard);
            if (bytes == null) {
                throw new IllegalStateException("a plan uses shard " + shard + " that is not here");
            }
            sources.add(List.of(bytes));
        }
        run(plan, sources, List.copyOf(wanted.values()));
    }

    private int mask(SortedMap<Integer, ByteBuffer> shards) {
        int mask = 0;
        for (int shard : shards.keySet()) {
            check(shard >= 0 && shard < totalShards(), "shard number", shard);
            mask |= 1 << shard;
        }
        return mask;
    }

    private static void check(boolean holds, String what, int value) {
        if (!holds) {
            throw new IllegalArgumentException("wrong " + what + ": " + value);
        }
    }

    private RebuildPlan plan(int present, int wanted) {
        long key = (long) present << Integer.SIZE | wanted;
        RebuildPlan plan = plans.get(key);
        if (plan == null) {
            plan = RebuildPlan.of(parity, dataShards, present, wanted);
            if (plans.size() < MAX_PLANS) {
                plans.put(key, plan);
            }
        }
        return plan;
    }

    /** Goes through all shards side by side, a block of each at a time. */
    private static void run(
            RebuildPlan plan, List<List<ByteBuffer>> sources, List<ByteBuffer> targets) {
        int sourceCount = sources.size();
        long[][] operands = new long[sourceCount + targets.size()][BLOCK_LONGS];
        long[][] added = new long[operands.length][];
        ByteBuffer across = ByteBuffer.allocate(BLOCK_BYTES);
        List<ShardCursor> cursors = new ArrayList<>(sourceCount);
        sources.forEach(parts -> cursors.add(new ShardCursor(parts, across)));
        int left = targets.stream().mapToInt(ByteBuffer::remaining).max().orElse(0);
        while (left > 0) {
            int bytes = Math.min(left, BLOCK_BYTES);
            int longs = (bytes + Long.BYTES - 1) / Long.BYTES;
            for (int i = 0; i < sourceCount; i++) {
                cursors.get(i).next(operands[i], bytes);
            }
            for (int i = 0; i < targets.size(); i++) {
                long[] sum = operands[sourceCount + i];
                make(plan.products().get(i), operands, added, sum, longs);
                ByteBuffer target = targets.get(i);
                ShardCursor.put(sum, target, Math.min(bytes, target.remaining()), across);
            }
            left -= bytes;
        }
    }

    private static void make(
            RebuildPlan.Product product,
            long[][] operands,
            long[][] added,
            long[] sum,
            int lengthLongs) {
        boolean begun = false;
        for (int[] step : product.steps()) {
            for (int i = 0; i < step.length; i++) {
                added[i] = operands[step[i]];
            }
            if (begun) {
                WideBytes.doubleAndAdd(sum, added, step.length, lengthLongs);
            } else {
                WideBytes.set(sum, added, step.length, lengthLongs);
                begun = true;
            }
        }
    }
}
