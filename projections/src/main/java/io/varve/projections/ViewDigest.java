package io.varve.projections;

import java.nio.ByteBuffer;

/**
 * A digest over a set of rows: in four lanes of 64 bits, the sum of the SHA-256 of each row. It
 * does not depend on order, so it is kept up row by row, and digests of disjoint ranges add up.
 *
 * <p>Equal digests mean equal rows as far as chance goes (one in 2^256). They are no proof against
 * somebody who chooses rows in order to deceive: sums of hashes can be made to collide at a cost
 * far below that of SHA-256 itself.
 */
public record ViewDigest(long lane0, long lane1, long lane2, long lane3) {
    public static final ViewDigest ZERO = new ViewDigest(0, 0, 0, 0);

    /** Length of {@link #toBytes}. */
    public static final int SIZE_BYTES = 32;

    public ViewDigest plus(ViewDigest other) {
        return new ViewDigest(
                lane0 + other.lane0, lane1 + other.lane1, lane2 + other.lane2, lane3 + other.lane3);
    }

    /** Of all rows of a range; reads each of them. */
    public static ViewDigest of(ViewCursor rows) {
        RowHash sum = new RowHash(ZERO);
        for (; rows.valid(); rows.next()) {
            sum.add(rows.key(), rows.value());
        }
        return sum.digest();
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(SIZE_BYTES)
                .putLong(lane0)
                .putLong(lane1)
                .putLong(lane2)
                .putLong(lane3)
                .array();
    }

    /** The reverse of {@link #toBytes}. */
    public static ViewDigest read(ByteBuffer from) {
        return new ViewDigest(from.getLong(), from.getLong(), from.getLong(), from.getLong());
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x%016x%016x%016x".formatted(lane0, lane1, lane2, lane3);
    }
}
