package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.file.FaultyDeviceFiles.Faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Does things to devices, each of which can be undone. */
final class ThrasherFaults {
    enum Kind {
        FAILS,
        HANGS,
        SLOW,
        FULL,
        REMOVED,
        EMPTIED,
        CORRUPTED
    }

    private static final int FLIPS = 20;
    private static final long SLOW_NANOS = 20_000_000;

    private final PoolFixture fixture;
    private final DeviceSet devices;
    private final Random random;
    private CountDownLatch release = new CountDownLatch(0);

    ThrasherFaults(PoolFixture fixture, DeviceSet devices, Random random) {
        this.fixture = fixture;
        this.devices = devices;
        this.random = random;
    }

    void begin(Kind kind, int deviceId) {
        switch (kind) {
            case FAILS -> fixture.inject(deviceId, new Failing());
            case HANGS -> {
                if (release.getCount() == 0) {
                    release = new CountDownLatch(1);
                }
                fixture.inject(deviceId, new Hanging(release));
            }
            case SLOW -> fixture.inject(deviceId, new Slow());
            case FULL -> fixture.inject(deviceId, new Full());
            case REMOVED, EMPTIED -> assertTrue(devices.remove(deviceId), "it hangs");
            case CORRUPTED -> corrupt(fixture.path(deviceId));
        }
    }

    /** The device works again and is in the set. */
    void end(Kind kind, int deviceId) {
        release.countDown();
        fixture.inject(deviceId, Faults.NONE);
        if (kind == Kind.EMPTIED) {
            try {
                fixture.wipe(deviceId);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (kind == Kind.REMOVED || kind == Kind.EMPTIED) {
            devices.add(fixture.config(deviceId), kind == Kind.EMPTIED);
        } else {
            devices.reopen(deviceId, false);
        }
    }

    /** One that hung may have been set aside just when it went on. */
    void reopenFailed() {
        for (DeviceStats stats : devices.stats()) {
            if (stats.state() != DeviceState.UP) {
                devices.reopen(stats.deviceId(), false);
            }
        }
    }

    /** Flips bits anywhere behind the headers of segments. */
    private void corrupt(Path device) {
        try (Stream<Path> files = Files.list(device)) {
            List<Path> segments =
                    files.filter(file -> file.getFileName().toString().startsWith("segment-"))
                            .sorted()
                            .toList();
            for (int i = 0; i < FLIPS && !segments.isEmpty(); i++) {
                flip(segments.get(random.nextInt(segments.size())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void flip(Path segment) throws IOException {
        try (FileChannel file =
                FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (file.size() <= 8192) {
                return;
            }
            long at = 4096 + (long) (random.nextDouble() * (file.size() - 4096));
            ByteBuffer one = ByteBuffer.allocate(1);
            if (file.read(one, at) == 1) {
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8))).flip();
                file.write(one, at);
                file.force(false);
            }
        }
    }

    private static final class Failing implements Faults {
        @Override
        public int onWrite(String name, long offset, int length) throws IOException {
            throw new IOException("Input/output error");
        }

        @Override
        public void onSync(String name) throws IOException {
            throw new IOException("Input/output error");
        }

        @Override
        public void onRead(String name, long offset) throws IOException {
            throw new IOException("Input/output error");
        }
    }

    private record Hanging(CountDownLatch release) implements Faults {
        @Override
        public void onSync(String name) {
            PoolFixture.await(release);
        }

        @Override
        public void onRead(String name, long offset) {
            PoolFixture.await(release);
        }
    }

    private static final class Slow implements Faults {
        @Override
        public void onSync(String name) {
            LockSupport.parkNanos(SLOW_NANOS);
        }

        @Override
        public void onRead(String name, long offset) {
            LockSupport.parkNanos(SLOW_NANOS);
        }
    }

    private static final class Full implements Faults {
        @Override
        public long usableBytes(long real) {
            return 0;
        }
    }
}
