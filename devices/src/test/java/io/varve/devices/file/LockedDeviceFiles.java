package io.varve.devices.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Lets one call at a time into directories that are made for one thread. */
public final class LockedDeviceFiles implements DeviceFiles {
    private final DeviceFiles inner;
    private final Object lock;

    /**
     * @param lock the same for directories that share anything
     */
    public LockedDeviceFiles(DeviceFiles inner, Object lock) {
        this.inner = inner;
        this.lock = lock;
    }

    @Override
    public List<String> list() throws IOException {
        synchronized (lock) {
            return inner.list();
        }
    }

    @Override
    public DeviceFile openForRead(String name) throws IOException {
        synchronized (lock) {
            return new LockedFile(inner.openForRead(name));
        }
    }

    @Override
    public DeviceFile openForWrite(String name) throws IOException {
        synchronized (lock) {
            return new LockedFile(inner.openForWrite(name));
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        synchronized (lock) {
            inner.rename(from, to);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        synchronized (lock) {
            inner.delete(name);
        }
    }

    @Override
    public void syncDirectory() throws IOException {
        synchronized (lock) {
            inner.syncDirectory();
        }
    }

    @Override
    public long usableBytes() throws IOException {
        synchronized (lock) {
            return inner.usableBytes();
        }
    }

    @Override
    public boolean direct() {
        return inner.direct();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }

    @Override
    public String toString() {
        return inner.toString();
    }

    private final class LockedFile implements DeviceFile {
        private final DeviceFile file;

        LockedFile(DeviceFile file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long offset) throws IOException {
            synchronized (lock) {
                return file.write(source, offset);
            }
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            synchronized (lock) {
                return file.read(target, offset);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (lock) {
                file.sync();
            }
        }

        @Override
        public long sizeBytes() throws IOException {
            synchronized (lock) {
                return file.sizeBytes();
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
