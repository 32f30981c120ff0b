package io.varve.devices.pool;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.ReadScratch;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Reads from one device without being held up by one that hangs: what is cached is read at once;
 * for the rest a thread of its own reads into scratch memory, and only its outcome is waited for.
 * Any thread.
 */
final class CopyReader {
    private final Executor threads;
    private final ScratchPool scratches = new ScratchPool();

    /**
     * @param threads platform threads: one that hangs in the kernel must not hold a carrier thread
     */
    CopyReader(Executor threads) {
        this.threads = threads;
    }

    private static final class Attempt implements Runnable {
        final Thread waiter = Thread.currentThread();
        final Function<ReadScratch, ByteBuffer> read;
        private final ReadScratch scratch;
        volatile boolean done;
        @Nullable ByteBuffer bytes;
        @Nullable Throwable failure;

        Attempt(Function<ReadScratch, ByteBuffer> read, ReadScratch scratch) {
            this.read = read;
            this.scratch = scratch;
        }

        @Override
        public void run() {
            try {
                bytes = read.apply(scratch);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    /**
     * Reads a range that is at most {@link ScratchPool#LARGE_BYTES} long into the target.
     *
     * @return the bytes put there
     * @throws BlobDamagedException also when the device hangs, which is then set aside
     */
    int read(DeviceLog log, BlobId blobId, int offset, int length, ByteBuffer target) {
        ReadScratch scratch = scratches.take(length);
        ByteBuffer bytes = log.readCached(blobId, offset, length, scratch);
        if (bytes == null) {
            bytes = await(log, scratch, with -> log.read(blobId, offset, length, with));
        }
        int count = bytes.remaining();
        target.put(bytes);
        scratches.give(length, scratch);
        return count;
    }

    byte[] ownerTag(DeviceLog log, BlobId blobId) {
        ReadScratch scratch = scratches.take(1);
        ByteBuffer tag = await(log, scratch, with -> ByteBuffer.wrap(log.ownerTag(blobId, with)));
        scratches.give(1, scratch);
        return tag.array();
    }

    /** Runs a read on a thread of its own; a scratch whose read failed is not used again. */
    private ByteBuffer await(
            DeviceLog log, ReadScratch scratch, Function<ReadScratch, ByteBuffer> read) {
        Attempt attempt = new Attempt(read, scratch);
        threads.execute(attempt);
        long timeoutNanos = log.hangTimeout().toNanos();
        long started = System.nanoTime();
        while (!attempt.done) {
            long left = timeoutNanos - (System.nanoTime() - started);
            if (left <= 0) {
                log.abandon("a read hangs for " + log.hangTimeout());
                throw new BlobDamagedException("device " + log.deviceId() + " hangs");
            }
            LockSupport.parkNanos(this, left);
        }
        return bytes(attempt);
    }

    private static ByteBuffer bytes(Attempt attempt) {
        Throwable failure = attempt.failure;
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        ByteBuffer bytes = attempt.bytes;
        if (bytes == null) {
            throw new IllegalStateException("a read ended without bytes or failure");
        }
        return bytes;
    }
}
