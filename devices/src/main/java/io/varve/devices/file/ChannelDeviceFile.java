package io.varve.devices.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file over a {@link FileChannel}, which any interrupted reader would close under all others:
 * then it is opened again, and the interrupt is kept for the thread that got it.
 */
final class ChannelDeviceFile implements DeviceFile {
    /** Opens the channel anew. */
    interface Opener {
        FileChannel open() throws IOException;
    }

    private final Opener opener;
    private final @Nullable CacheProbe probe;
    private final ReentrantLock reopening = new ReentrantLock();
    private volatile FileChannel channel;
    private volatile boolean closed;

    /**
     * @param probe for reads that do not wait; closed with the file
     */
    ChannelDeviceFile(Opener opener, @Nullable CacheProbe probe) throws IOException {
        this.opener = opener;
        this.probe = probe;
        this.channel = opener.open();
    }

    @Override
    public boolean readCached(ByteBuffer target, long offset) {
        return probe != null && probe.fill(target, offset);
    }

    @Override
    public int write(ByteBuffer source, long offset) throws IOException {
        // Not repeated after an interrupt: only agents write, and nobody interrupts those.
        return channel.write(source, offset);
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    return current.read(target, offset);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    reopen();
                } catch (ClosedChannelException e) {
                    reopen();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reopen() throws IOException {
        reopening.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (!channel.isOpen()) {
                channel = opener.open();
            }
        } finally {
            reopening.unlock();
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public long sizeBytes() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        reopening.lock();
        try {
            if (!closed && probe != null) {
                probe.close();
            }
            closed = true;
            channel.close();
        } finally {
            reopening.unlock();
        }
    }
}
