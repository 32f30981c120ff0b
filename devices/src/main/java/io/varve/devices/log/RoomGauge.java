package io.varve.devices.log;

import io.varve.devices.Fullness;

/** How full a device was when it was looked at, and how much more makes it so. Any thread. */
public final class RoomGauge {
    private volatile Fullness fullness = Fullness.ROOMY;
    private volatile long fullAtBytes = Long.MAX_VALUE;

    /**
     * @param writtenBytes all that was ever written, up to now
     * @param leftBytes what may be written from now until it is full; MAX_VALUE = no matter how
     *     much
     * @return whether it is another than before
     */
    public boolean looked(Fullness now, long writtenBytes, long leftBytes) {
        Fullness before = fullness;
        fullAtBytes = leftBytes == Long.MAX_VALUE ? leftBytes : writtenBytes + leftBytes;
        fullness = now;
        return before != now;
    }

    /**
     * @param writtenBytes all that was ever written, and what is about to be
     */
    public boolean full(long writtenBytes) {
        return fullness == Fullness.FULL || writtenBytes >= fullAtBytes;
    }

    public Fullness fullness() {
        return fullness;
    }
}
