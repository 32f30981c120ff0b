package io.varve.placement;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * A share of the data, proportional to capacity (by custom 1.0 is one TiB): unsigned 16.16 fixed
 * point inside the algorithm, decimal in the text form.
 *
 * @param fixed the weight times 65536, as an unsigned number: 0 to 2^32-1
 */
public record Weight(long fixed) implements Comparable<Weight> {
    public static final Weight ZERO = new Weight(0);
    public static final Weight ONE = new Weight(0x10000);

    static final long FIXED_MAX = 0xffff_ffffL;
    private static final float SCALE = 0x10000;
    private static final Pattern DECIMAL =
            Pattern.compile("\\+?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final int DECIMALS_MAX = 20;

    public Weight {
        if (fixed < 0 || fixed > FIXED_MAX) {
            throw new IllegalArgumentException("weight out of range: fixed=" + fixed);
        }
    }

    /** Rounds towards zero to what the text form can hold: 24 significant bits, 1/65536 units. */
    public static Weight of(double weight) {
        float scaled = (float) weight * SCALE;
        if (!(scaled >= 0 && scaled < 0x1p32f)) {
            throw new IllegalArgumentException("weight out of range: " + weight);
        }
        return new Weight((long) scaled);
    }

    /**
     * Reads a decimal number the way Ceph does: rounded to single precision, then cut to 1/65536.
     *
     * @throws IllegalArgumentException when the text is no number or out of range
     */
    public static Weight parse(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a weight");
        }
        return of(Float.parseFloat(text));
    }

    /**
     * Adds without wrapping.
     *
     * @throws IllegalArgumentException when the sum leaves the 32 bits CRUSH computes with
     */
    Weight plus(Weight other) {
        return new Weight(fixed + other.fixed);
    }

    /** The fixed-point number as the 32 bits it takes in arrays; read it back as unsigned. */
    int bits() {
        return (int) fixed;
    }

    public double toDouble() {
        return fixed / (double) SCALE;
    }

    /** Whether {@link #toText(int)} with so many decimals reads back as this weight. */
    boolean survives(int decimals) {
        String text = toText(decimals);
        return parse(text).equals(this);
    }

    /** Whether the text form can hold this weight at all; sums of many weights may not fit. */
    boolean hasText() {
        return Weight.of(toDouble()).equals(this);
    }

    /** With so many decimals, rounded half to even. */
    String toText(int decimals) {
        double single = (float) fixed / SCALE;
        return new BigDecimal(single).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** With at least so many decimals, more where fewer would read back as another weight. */
    String toExactText(int decimals) {
        for (int d = decimals; d < DECIMALS_MAX; d++) {
            if (survives(d)) {
                return toText(d);
            }
        }
        return toText(DECIMALS_MAX);
    }

    @Override
    public int compareTo(Weight other) {
        return Long.compare(fixed, other.fixed);
    }

    @Override
    public String toString() {
        return toExactText(3);
    }
}
