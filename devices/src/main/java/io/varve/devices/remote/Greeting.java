package io.varve.devices.remote;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * How a connection begins: the caller names the versions of the protocol that it speaks, the host
 * answers with the newest that both do. So either side can be newer while a cluster is upgraded.
 */
final class Greeting {
    /** Operations are only ever added; what one says is changed with a new number. */
    static final int OLDEST = 1;

    static final int NEWEST = 1;

    private static final int MAGIC = 0x5641_5244;

    private Greeting() {}

    static byte[] offer() {
        return new Body().put(MAGIC).put(OLDEST).put(NEWEST).bytes();
    }

    /**
     * The body of the answer.
     *
     * @throws ProtocolException when there is no version that both speak
     */
    static byte[] choose(ByteBuffer offer) throws ProtocolException {
        int magic = offer.getInt();
        int oldest = offer.getInt();
        int newest = offer.getInt();
        int chosen = Math.min(newest, NEWEST);
        if (magic != MAGIC || chosen < oldest || chosen < OLDEST) {
            throw new ProtocolException(
                    "no version in common: magic=%x, versions=%d to %d, here %d to %d"
                            .formatted(magic, oldest, newest, OLDEST, NEWEST));
        }
        return new Body().put(chosen).bytes();
    }

    static void check(ByteBuffer answer) throws ProtocolException {
        int chosen = answer.getInt();
        if (chosen < OLDEST || chosen > NEWEST) {
            throw new ProtocolException("the host chose a version that was not offered: " + chosen);
        }
    }
}
