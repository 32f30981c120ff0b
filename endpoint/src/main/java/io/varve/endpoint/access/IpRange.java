package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/** Addresses and blocks of addresses, IPv4 and IPv6. Never asks a name server. */
final class IpRange {
    private IpRange() {}

    /** Whether a block ({@code 192.0.2.0/24}) or single address is well formed. */
    static boolean valid(String range) {
        return parse(range) != null;
    }

    /** Whether the address lies in the block; false when one of them is none. */
    static boolean holds(String range, String address) {
        Block block = parse(range);
        byte[] actual = bytes(address);
        if (block == null || actual == null || actual.length != block.address().length) {
            return false;
        }
        for (int bit = 0; bit < block.prefixBits(); bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((actual[bit / 8] ^ block.address()[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Block(byte[] address, int prefixBits) {}

    private static @Nullable Block parse(String range) {
        int slash = range.indexOf('/');
        byte[] address = bytes(slash < 0 ? range : range.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = address.length * 8;
        if (slash < 0) {
            return new Block(address, bits);
        }
        try {
            int prefix = Integer.parseInt(range.substring(slash + 1));
            return prefix < 0 || prefix > bits ? null : new Block(address, prefix);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static byte @Nullable [] bytes(String address) {
        try {
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
