package io.varve.journal.chronicle;

import io.varve.journal.frame.RawFrame;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads verified frames in order, never beyond what is durable. One reader, one thread. */
public final class FrameReader implements AutoCloseable {
    private final FileReader files;
    private final LongSupplier end;
    private long position;
    private long endSeen = -1;

    FrameReader(CycleSource source, LongSupplier end, long fromPosition) {
        if (fromPosition < 1) {
            throw new IllegalArgumentException("positions start at 1: " + fromPosition);
        }
        this.files = new FileReader(source);
        this.end = end;
        this.position = fromPosition;
    }

    /** The next frames, at most so many; empty at the end. */
    public List<RawFrame> next(int maxFrames) {
        long last = end.getAsLong();
        if (last != endSeen) {
            files.forgetReadAhead();
            endSeen = last;
        }
        List<RawFrame> frames = new ArrayList<>();
        while (position <= last && frames.size() < maxFrames) {
            frames.add(RawFrame.of(files.at(position).frameBytes()));
            position++;
        }
        return frames;
    }

    @Override
    public void close() {
        files.close();
    }
}
