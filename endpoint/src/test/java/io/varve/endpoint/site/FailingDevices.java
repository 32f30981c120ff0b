package io.varve.endpoint.site;

import io.varve.devices.DeviceConfig;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.pool.DeviceFilesOpener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Real directories behind devices that answer everything with an I/O error when told to. */
final class FailingDevices implements DeviceFilesOpener {
    private final Set<Integer> failing = ConcurrentHashMap.newKeySet();

    void fail(int deviceId) {
        failing.add(deviceId);
    }

    void recover() {
        failing.clear();
    }

    @Override
    public DeviceFiles open(DeviceConfig device, boolean create) throws IOException {
        int id = device.deviceId();
        check(id);
        return new Files(id, DeviceFilesOpener.onDisk(device, create));
    }

    private void check(int deviceId) throws IOException {
        if (failing.contains(deviceId)) {
            throw new IOException(
                    "Input/output error (as the test wants of device " + deviceId + ")");
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
            return real.usableBytes();
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
            check(deviceId);
            return real.read(target, offset);
        }

        @Override
        public void sync() throws IOException {
            check(deviceId);
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
