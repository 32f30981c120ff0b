package io.varve.endpoint.site;

import io.varve.devices.DeviceConfig;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.pool.DeviceFilesOpener;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Real directories behind devices that fail, hang, get slow or full when told to. */
final class FailingDevices implements DeviceFilesOpener {
    private static final long SLOW_NANOS = 20_000_000;

    private final Map<Integer, Trouble> troubles = new ConcurrentHashMap<>();
    private volatile CountDownLatch hanging = new CountDownLatch(0);

    enum Trouble {
        /** Answers everything with an I/O error. */
        FAILS,
        /** Does not return from reads and syncs. */
        HANGS,
        /** Takes long for reads and syncs. */
        SLOW,
        /** Has no room. */
        FULL
    }

    void fail(int deviceId) {
        trouble(deviceId, Trouble.FAILS);
    }

    void trouble(int deviceId, Trouble trouble) {
        if (trouble == Trouble.HANGS && hanging.getCount() == 0) {
            hanging = new CountDownLatch(1);
        }
        troubles.put(deviceId, trouble);
    }

    /** All devices are well again, and what hung goes on. */
    void recover() {
        troubles.clear();
        hanging.countDown();
    }

    @Override
    public DeviceFiles open(DeviceConfig device, boolean create) throws IOException {
        int id = device.deviceId();
        check(id);
        return new Files(id, DeviceFilesOpener.onDisk(device, create));
    }

    private void check(int deviceId) throws IOException {
        if (troubles.get(deviceId) == Trouble.FAILS) {
            throw new IOException(
                    "Input/output error (as the test wants of device " + deviceId + ")");
        }
    }

    /** Before a read or a sync. */
    private void access(int deviceId) throws IOException {
        check(deviceId);
        Trouble trouble = troubles.get(deviceId);
        if (trouble == Trouble.SLOW) {
            LockSupport.parkNanos(SLOW_NANOS);
        } else if (trouble == Trouble.HANGS) {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted while hanging");
            }
        }
    }

    private final class Files implements DeviceFiles {
        private final int deviceId;
        private final DeviceFiles real;

        Files(int deviceId, DeviceFiles real) {
            this.deviceId = deviceId;
            this.real = real;
        }

        @Override
        public List<String> list() throws IOException {
            check(deviceId);
            return real.list();
        }

        @Override
        public DeviceFile openForRead(String name) throws IOException {
            check(deviceId);
            return new OneFile(deviceId, real.openForRead(name));
        }

        @Override
        public DeviceFile openForWrite(String name) throws IOException {
            check(deviceId);
            return new OneFile(deviceId, real.openForWrite(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            check(deviceId);
            real.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            check(deviceId);
            real.delete(name);
        }

        @Override
        public void syncDirectory() throws IOException {
            check(deviceId);
            real.syncDirectory();
        }

        @Override
        public long usableBytes() throws IOException {
            check(deviceId);
            return troubles.get(deviceId) == Trouble.FULL ? 0 : real.usableBytes();
        }

        @Override
        public boolean direct() {
            return real.direct();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    private final class OneFile implements DeviceFile {
        private final int deviceId;
        private final DeviceFile real;

        OneFile(int deviceId, DeviceFile real) {
            this.deviceId = deviceId;
            this.real = real;
        }

        @Override
        public int write(ByteBuffer source, long offset) throws IOException {
            check(deviceId);
            return real.write(source, offset);
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            access(deviceId);
            return real.read(target, offset);
        }

        @Override
        public void sync() throws IOException {
            access(deviceId);
            real.sync();
        }

        @Override
        public long sizeBytes() throws IOException {
            check(deviceId);
            return real.sizeBytes();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
