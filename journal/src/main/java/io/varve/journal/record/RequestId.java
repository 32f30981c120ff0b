package io.varve.journal.record;

import java.util.HexFormat;

/**
 * 128 random bits that name one request: an append that is retried with the same id applies once.
 */
public record RequestId(long high, long low) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
