package io.varve.devices.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The power of several {@link CrashFileSystem}s, cut for all at once at a step of the caller's
 * choice, while many threads work with them. A write at that step is in doubt, a sync does not
 * happen. Thread-safe.
 */
public final class PowerStrip {
    private final long cutAtStep;
    private long step;

    public PowerStrip(long cutAtStep) {
        this.cutAtStep = cutAtStep;
    }

    public synchronized long steps() {
        return step;
    }

    public DeviceFiles plug(CrashFileSystem disk) {
        return new Plugged(disk);
    }

    /** An access to a disk. */
    private interface Access<T> {
        T run() throws IOException;
    }

    private synchronized <T> T read(Access<T> access) throws IOException {
        if (step >= cutAtStep) {
            throw new PowerCutException(step);
        }
        return access.run();
    }

    private synchronized <T> T change(boolean happensAtCut, Access<T> access) throws IOException {
        if (step >= cutAtStep) {
            throw new PowerCutException(step);
        }
        step++;
        if (step < cutAtStep) {
            return access.run();
        }
        if (happensAtCut) {
            access.run();
        }
        throw new PowerCutException(step);
    }

    private final class Plugged implements DeviceFiles {
        private final CrashFileSystem disk;

        Plugged(CrashFileSystem disk) {
            this.disk = disk;
        }

        @Override
        public List<String> list() throws IOException {
            return read(disk::list);
        }

        @Override
        public DeviceFile openForRead(String name) throws IOException {
            return new PluggedFile(read(() -> disk.openForRead(name)));
        }

        @Override
        public DeviceFile openForWrite(String name) throws IOException {
            return new PluggedFile(change(true, () -> disk.openForWrite(name)));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            change(
                    true,
                    () -> {
                        disk.rename(from, to);
                        return true;
                    });
        }

        @Override
        public void delete(String name) throws IOException {
            change(
                    true,
                    () -> {
                        disk.delete(name);
                        return true;
                    });
        }

        @Override
        public void syncDirectory() throws IOException {
            change(
                    false,
                    () -> {
                        disk.syncDirectory();
                        return true;
                    });
        }

        @Override
        public long usableBytes() throws IOException {
            return read(disk::usableBytes);
        }

        @Override
        public boolean direct() {
            return disk.direct();
        }

        @Override
        public void close() throws IOException {
            synchronized (PowerStrip.this) {
                disk.close();
            }
        }
    }

    private final class PluggedFile implements DeviceFile {
        private final DeviceFile file;

        PluggedFile(DeviceFile file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long offset) throws IOException {
            return change(true, () -> file.write(source, offset));
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            return PowerStrip.this.read(() -> file.read(target, offset));
        }

        @Override
        public void sync() throws IOException {
            change(
                    false,
                    () -> {
                        file.sync();
                        return true;
                    });
        }

        @Override
        public long sizeBytes() throws IOException {
            return PowerStrip.this.read(file::sizeBytes);
        }

        @Override
        public void close() throws IOException {
            synchronized (PowerStrip.this) {
                file.close();
            }
        }
    }
}
