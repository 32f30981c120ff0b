package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceLabelException;
import io.varve.devices.file.CrashFileSystem;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.file.PowerCutException;

import org.agrona.BufferUtil;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;

final class LabelFilesTest {
    private final LogFixture fixture = new LogFixture();

    private static DeviceLabel label(long generation) {
        return new DeviceLabel(
                3,
                new UUID(1, 2),
                new UUID(3, 4),
                1_700_000_000_000L,
                LogWorkload.SEGMENT_BYTES,
                generation);
    }

    private String refusal(DeviceFiles files) {
        return String.valueOf(
                assertThrows(DeviceLabelException.class, () -> fixture.open(files)).getMessage());
    }

    @Test
    void repairsADamagedAStaleAndAMissingCopy() throws IOException {
        for (String damaged : LabelFiles.NAMES) {
            CrashFileSystem media = new CrashFileSystem();
            fixture.open(media).close();
            byte[] whole = media.bytes(damaged);
            media.flipBit(damaged, 20, 1);
            fixture.events.clear();
            fixture.open(media).close();
            assertEquals(
                    List.of(new DeviceEvent.LabelRepaired(0, List.of(damaged))),
                    fixture.events(DeviceEvent.LabelRepaired.class));
            assertArrayEquals(whole, media.bytes(damaged));
            media.remove(damaged);
            fixture.open(media).close();
            assertArrayEquals(whole, media.bytes(damaged));
        }
    }

    @Test
    void findsAFlippedBitAtEveryByteOfACopy() {
        ByteBuffer block = BufferUtil.allocateDirectAligned(4096, 4096);
        LabelDescriptor.encode(label(1), block);
        for (int at = 0; at < LabelDescriptor.SIZE_BYTES; at++) {
            block.put(at, (byte) (block.get(at) ^ 0x40));
            assertEquals(null, LabelDescriptor.decode(block));
            block.put(at, (byte) (block.get(at) ^ 0x40));
        }
        assertEquals(label(1), LabelDescriptor.decode(block));
    }

    @Test
    void anUpdateIsWholeAtEveryPowerCut() throws IOException {
        CrashFileSystem before = new CrashFileSystem();
        new LabelFiles(before).write(label(1));
        long steps = before.steps();
        for (long step = 1; step <= steps; step++) {
            for (long seed = 0; seed < 20; seed++) {
                CrashFileSystem media = before.afterPowerCut(new Random(seed), step);
                try {
                    new LabelFiles(media).write(label(2));
                } catch (PowerCutException e) {
                    media = media.afterPowerCut(new Random(seed), Long.MAX_VALUE);
                }
                LabelFiles.Found found = requireNonNull(new LabelFiles(media).read());
                assertTrue(
                        found.label().equals(label(1)) || found.label().equals(label(2)),
                        "step=%d, seed=%d: %s".formatted(step, seed, found));
                assertTrue(found.unequal().size() < LabelFiles.NAMES.size());
            }
        }
    }

    @Test
    void formattingIsDoneOrUndoneAtEveryPowerCut() throws IOException {
        CrashFileSystem dry = new CrashFileSystem();
        fixture.open(dry).close();
        for (long step = 1; step <= dry.steps(); step++) {
            for (long seed = 0; seed < 10; seed++) {
                CrashFileSystem media = new CrashFileSystem(step);
                try {
                    fixture.open(media).close();
                } catch (PowerCutException e) {
                    media = media.afterPowerCut(new Random(seed), Long.MAX_VALUE);
                }
                DeviceLog log = fixture.open(media);
                BlobId id = LogFixture.write(log, 1, 10);
                fixture.assertThere(log, id);
                log.close();
            }
        }
    }

    @Test
    void refusesADeviceOfAnotherSite() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        new LabelFiles(media).write(label(1));
        assertTrue(refusal(media).contains("is another device: site should be"));
    }

    @Test
    void refusesAnotherDeviceOfTheSite() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        fixture.open(media).close();
        DeviceConfig config = LogWorkload.config();
        LogFixture other =
                new LogFixture(
                        new DeviceConfig(
                                7,
                                null,
                                Path.of("memory"),
                                config.space(),
                                config.writes(),
                                config.compaction(),
                                null));
        String message =
                String.valueOf(
                        assertThrows(DeviceLabelException.class, () -> other.open(media))
                                .getMessage());
        assertTrue(message.contains("device id should be 7, its label says 0"), message);
    }

    @Test
    void refusesADirectoryThatIsNotTheOneThatWasRecorded() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        UUID uuid;
        try (DeviceLog log = fixture.open(media)) {
            uuid = log.label().deviceUuid();
        }
        UUID recorded = new UUID(1, 2);
        LogFixture other = new LogFixture(LogWorkload.config().withUuid(recorded));
        String message =
                String.valueOf(
                        assertThrows(DeviceLabelException.class, () -> other.open(media))
                                .getMessage());
        String wanted = "uuid should be %s, its label says %s".formatted(recorded, uuid);
        assertTrue(message.contains(wanted), message);
        new LogFixture(LogWorkload.config().withUuid(uuid)).open(media).close();
    }

    @Test
    void refusesADirectoryThatIsNoDevice() {
        CrashFileSystem media = new CrashFileSystem();
        media.put("holiday.jpg", new byte[100]);
        assertTrue(refusal(media).contains("is not a device: no label, but other files"));
    }

    @Test
    void refusesADirectoryWhoseLabelsAreAllDamaged() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        fixture.open(media).close();
        LabelFiles.NAMES.forEach(name -> media.flipBit(name, 100, 0));
        assertTrue(refusal(media).contains("every copy of the label is damaged"));
    }

    @Test
    void refusesLabelsOfTwoDevices() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        CrashFileSystem other = new CrashFileSystem();
        fixture.open(media).close();
        fixture.open(other).close();
        media.put("label.1", other.bytes("label.1"));
        assertTrue(refusal(media).contains("holds labels of two devices"));
    }

    @Test
    void refusesAFormatItDoesNotKnow() throws IOException {
        CrashFileSystem media = new CrashFileSystem();
        fixture.open(media).close();
        ByteBuffer block = BufferUtil.allocateDirectAligned(4096, 4096);
        block.put(media.bytes("label.2")).clear();
        block.order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, 4092));
        block.putInt(4092, (int) crc.getValue());
        byte[] older = new byte[4096];
        block.get(older);
        media.put("label.2", older);
        assertTrue(refusal(media).contains("written in format version 2, this release knows 3"));
    }

    @Test
    void refusesAnEmptyDirectoryUnlessToldToFormat() {
        DeviceLabelException e =
                assertThrows(
                        DeviceLabelException.class,
                        () ->
                                DeviceLog.open(
                                        LogWorkload.config(),
                                        new CrashFileSystem(),
                                        LogWorkload.SITE,
                                        false,
                                        Runnable::run,
                                        Pacer.NONE,
                                        fixture.events::add));
        assertTrue(String.valueOf(e.getMessage()).contains("is empty"));
    }
}
