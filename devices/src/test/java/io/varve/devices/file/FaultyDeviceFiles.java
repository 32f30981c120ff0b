package io.varve.devices.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A device directory whose every access a test may make fail, hang, stop short or lie. */
public final class FaultyDeviceFiles implements DeviceFiles {
    /** What goes wrong; by default nothing does. */
    public interface Faults {
        Faults NONE = new Faults() {};

        /** Before bytes are written: throws, or returns how many of them may be. */
        default int onWrite(String name, long offset, int length) throws IOException {
            return length;
        }

        default void onSync(String name) throws IOException {}

        default void onRead(String name, long offset) throws IOException {}

        /** After bytes were read: may change them. */
        default void afterRead(String name, long offset, ByteBuffer bytes) {}

        /** What the file system says it would still take, given what it really would. */
        default long usableBytes(long real) {
            return real;
        }

        /** Before anything else is asked of the directory. */
        default void onDirectory() throws IOException {}
    }

    private final DeviceFiles inner;
    private volatile Faults faults = Faults.NONE;

    public FaultyDeviceFiles(DeviceFiles inner) {
        this.inner = inner;
    }

    public void inject(Faults next) {
        faults = next;
    }

    @Override
    public List<String> list() throws IOException {
        faults.onDirectory();
        return inner.list();
    }

    @Override
    public DeviceFile openForRead(String name) throws IOException {
        return new FaultyFile(name, inner.openForRead(name));
    }

    @Override
    public DeviceFile openForWrite(String name) throws IOException {
        return new FaultyFile(name, inner.openForWrite(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        faults.onDirectory();
        inner.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        faults.onDirectory();
        inner.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        faults.onDirectory();
        inner.syncDirectory();
    }

    @Override
    public long usableBytes() throws IOException {
        faults.onDirectory();
        return faults.usableBytes(inner.usableBytes());
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
        return "faulty " + inner;
    }

    private final class FaultyFile implements DeviceFile {
        private final String name;
        private final DeviceFile file;

        FaultyFile(String name, DeviceFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long offset) throws IOException {
            int allowed = faults.onWrite(name, offset, source.remaining());
            if (allowed == source.remaining()) {
                return file.write(source, offset);
            }
            ByteBuffer part = source.duplicate();
            part.limit(part.position() + allowed);
            int written = file.write(part, offset);
            source.position(source.position() + written);
            return written;
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            faults.onRead(name, offset);
            int from = target.position();
            int read = file.read(target, offset);
            if (read > 0) {
                faults.afterRead(name, offset, target.slice(from, read));
            }
            return read;
        }

        @Override
        public void sync() throws IOException {
            faults.onSync(name);
            file.sync();
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
