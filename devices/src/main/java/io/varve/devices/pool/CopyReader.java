package io.varve.devices.pool;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPool;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.ReadScratch;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads from one device without being held up by one that hangs: what is cached is read at once;
 * for the rest a thread of its own reads into scratch memory, and only its outcome is waited for.
 * Any thread.
 */
final class CopyReader {
    /** So much too late nobody comes who was not stopped. */
    private static final long LATE_NANOS = 1_000_000_000;

    private final Executor threads;
    private final ScratchPool scratches = new ScratchPool();
    private final Queue<Attempt> lagging = new ConcurrentLinkedQueue<>();

    /**
     * @param threads platform threads: one that hangs in the kernel must not hold a carrier thread
     */
    CopyReader(Executor threads) {
        this.threads = threads;
    }

    /** What is read of a copy. */
    interface Access {
        /** Most payload bytes that it brings. */
        int lengthBytes();

        /** Without waiting for the device; null when that cannot be. */
        @Nullable ByteBuffer cached(BlobDevice log, ReadScratch scratch);

        ByteBuffer read(BlobDevice log, ReadScratch scratch);
    }

    /** A range that is at most {@link ScratchPool#LARGE_BYTES} long. */
    record Range(BlobId blobId, int offset, int lengthBytes) implements Access {
        @Override
        public @Nullable ByteBuffer cached(BlobDevice log, ReadScratch scratch) {
            return log.readCached(blobId, offset, lengthBytes, scratch);
        }

        @Override
        public ByteBuffer read(BlobDevice log, ReadScratch scratch) {
            return log.read(blobId, offset, lengthBytes, scratch);
        }
    }

    /** The owner tag, in an array of its own. */
    record Tag(BlobId blobId) implements Access {
        @Override
        public int lengthBytes() {
            return 1;
        }

        @Override
        public @Nullable ByteBuffer cached(BlobDevice log, ReadScratch scratch) {
            return null;
        }

        @Override
        public ByteBuffer read(BlobDevice log, ReadScratch scratch) {
            return ByteBuffer.wrap(log.ownerTag(blobId, scratch));
        }
    }

    /** A read under way on a thread of its own, for the thread that began it. */
    final class Attempt implements Runnable {
        private final Thread waiter = Thread.currentThread();
        private final long startedNanos = System.nanoTime();
        private final BlobDevice log;
        private final Access access;
        private final ReadScratch scratch;
        private volatile boolean done;
        private @Nullable ByteBuffer bytes;
        private @Nullable Throwable failure;

        Attempt(BlobDevice log, Access access, ReadScratch scratch) {
            this.log = log;
            this.access = access;
            this.scratch = scratch;
        }

        @Override
        public void run() {
            try {
                bytes = access.read(log, scratch);
                log.readTook(System.nanoTime() - startedNanos);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            done = true;
            LockSupport.unpark(waiter);
        }

        BlobDevice log() {
            return log;
        }

        boolean done() {
            return done;
        }

        /** How long it may still take before the device counts as hanging. */
        long leftNanos() {
            return log.hangTimeout().toNanos() - (System.nanoTime() - startedNanos);
        }

        /** Sets the device aside. */
        BlobDamagedException hangs() {
            log.abandon("a read hangs for " + log.hangTimeout());
            return new BlobDamagedException("device " + log.deviceId() + " hangs");
        }

        /** Puts what was read into the target; a scratch whose read failed is not used again. */
        int take(ByteBuffer target) {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            ByteBuffer read = bytes;
            if (read == null) {
                throw new IllegalStateException("a read ended without bytes or failure");
            }
            int count = read.remaining();
            target.put(read);
            scratches.give(access.lengthBytes(), scratch);
            return count;
        }
    }

    /** Reads what needs no waiting into the target; -1 when it does. */
    int readCached(BlobDevice log, Access access, ByteBuffer target) {
        ReadScratch scratch = scratches.take(access.lengthBytes());
        ByteBuffer bytes = access.cached(log, scratch);
        int count = -1;
        if (bytes != null) {
            count = bytes.remaining();
            target.put(bytes);
        }
        scratches.give(access.lengthBytes(), scratch);
        return count;
    }

    Attempt begin(BlobDevice log, Access access) {
        Attempt attempt = new Attempt(log, access, scratches.take(access.lengthBytes()));
        threads.execute(attempt);
        return attempt;
    }

    /** Nobody waits for it any more, but its device is to be set aside if it hangs. */
    void leave(Attempt attempt) {
        lagging.add(attempt);
    }

    /** To be called now and then. */
    void setAsideHanging() {
        for (Attempt attempt : lagging) {
            boolean hangs = !attempt.done() && attempt.leftNanos() <= 0;
            if (hangs) {
                attempt.log().abandon("a read hangs for " + attempt.log().hangTimeout());
            }
            if (hangs || attempt.done()) {
                lagging.remove(attempt);
            }
        }
    }

    /**
     * Reads a range of one device's copy into the target.
     *
     * @return the bytes put there
     * @throws BlobDamagedException also when the device hangs, which is then set aside
     */
    int read(BlobDevice log, BlobId blobId, int offset, int length, ByteBuffer target) {
        return read(log, new Range(blobId, offset, length), target);
    }

    byte[] ownerTag(BlobDevice log, BlobId blobId) {
        ByteBuffer tag = ByteBuffer.allocate(BlobPool.MAX_OWNER_TAG_BYTES);
        byte[] bytes = new byte[read(log, new Tag(blobId), tag)];
        tag.get(0, bytes);
        return bytes;
    }

    private int read(BlobDevice log, Access access, ByteBuffer target) {
        int cached = readCached(log, access, target);
        if (cached >= 0) {
            return cached;
        }
        Attempt attempt = begin(log, access);
        boolean late = false;
        while (!attempt.done()) {
            long left = attempt.leftNanos();
            if (left < -LATE_NANOS && !late) {
                // The whole process was stopped for a while: the read may just be going on.
                late = true;
                LockSupport.parkNanos(this, LATE_NANOS);
                continue;
            }
            if (left <= 0) {
                throw attempt.hangs();
            }
            LockSupport.parkNanos(this, left);
        }
        return attempt.take(target);
    }
}
