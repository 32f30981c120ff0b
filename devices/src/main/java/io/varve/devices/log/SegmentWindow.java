package io.varve.devices.log;

import io.varve.devices.file.DeviceFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A view of a file that moves forward, for reading it once from front to end. Single-threaded. */
final class SegmentWindow {
    /** Larger than any record's head. */
    private static final int WINDOW_BYTES = 1 << 20;

    private final DeviceFile file;
    private final ByteBuffer window;
    private long start;
    private int length;

    SegmentWindow(DeviceFile file) throws IOException {
        int bytes = (int) Math.min(WINDOW_BYTES, file.sizeBytes());
        this.file = file;
        this.window = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes; index them with what {@link #at} returns. */
    ByteBuffer bytes() {
        return window;
    }

    /** Brings the bytes from an offset into view and returns where they begin. */
    int at(long offset, int wanted) throws IOException {
        if (offset < start || offset + wanted > start + length) {
            start = offset;
            window.clear();
            length = file.readFully(window, offset);
            window.clear();
        }
        return (int) (offset - start);
    }

    /** How many bytes are in view from an offset that {@link #at} was asked for. */
    int available(long offset) {
        return (int) Math.max(0, start + length - offset);
    }
}
