package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.DeviceLabelException;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.agrona.BufferUtil;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The copies of a device's label.
 *
 * <p>Invariants: a copy is replaced by renaming a synced file over it, and the next one is touched
 * only when that is on media, so at any instant all copies but one are whole. Opening takes the
 * good copy of the highest generation:
 *
 * <pre>
 * good copies                        | files besides labels | outcome
 * -----------------------------------+----------------------+------------------------------
 * none, no label file                | none                 | empty: may be formatted
 * none, no label file                | some                 | refused: not a device
 * none, but label files              | any                  | refused: every copy damaged
 * of two or more device uuids        | any                  | refused: mixed up
 * of another format version          | any                  | refused: written by another release
 * some                               | any                  | the highest; others made equal to it
 * </pre>
 */
final class LabelFiles {
    static final List<String> NAMES = List.of("label.0", "label.1", "label.2");

    private static final String TEMPORARY_SUFFIX = ".tmp";

    private final DeviceFiles files;

    /** What was found: the label, and the names of the copies that are not equal to it. */
    record Found(DeviceLabel label, List<String> unequal) {}

    LabelFiles(DeviceFiles files) {
        this.files = files;
    }

    /**
     * Reads the label; null when the directory is empty.
     *
     * @throws DeviceLabelException when it is refused
     */
    @Nullable Found read() throws IOException {
        List<String> present = files.list();
        present.removeIf(NAMES.stream().map(name -> name + TEMPORARY_SUFFIX).toList()::contains);
        present.remove("lost+found");
        if (present.isEmpty()) {
            return null;
        }
        if (NAMES.stream().noneMatch(present::contains)) {
            throw new DeviceLabelException(
                    "%s is not a device: no label, but other files (%d)"
                            .formatted(files, present.size()));
        }
        return choose(present);
    }

    private Found choose(List<String> present) {
        DeviceLabel best = null;
        List<@Nullable DeviceLabel> copies = new ArrayList<>();
        for (String name : NAMES) {
            DeviceLabel copy = present.contains(name) ? readCopy(name) : null;
            copies.add(copy);
            if (copy != null && best != null && !copy.deviceUuid().equals(best.deviceUuid())) {
                throw new DeviceLabelException(
                        "%s holds labels of two devices: %s and %s"
                                .formatted(files, best.deviceUuid(), copy.deviceUuid()));
            }
            if (copy != null && (best == null || copy.generation() > best.generation())) {
                best = copy;
            }
        }
        if (best == null) {
            throw new DeviceLabelException(
                    "%s: every copy of the label is damaged".formatted(files));
        }
        List<String> unequal = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (!best.equals(copies.get(i))) {
                unequal.add(NAMES.get(i));
            }
        }
        return new Found(best, unequal);
    }

    /** The names of the copies that are not equal to a label, or cannot be read. */
    List<String> unequal(DeviceLabel label) throws IOException {
        List<String> present = files.list();
        List<String> unequal = new ArrayList<>();
        for (String name : NAMES) {
            if (!present.contains(name) || !label.equals(readCopy(name))) {
                unequal.add(name);
            }
        }
        return unequal;
    }

    private @Nullable DeviceLabel readCopy(String name) {
        ByteBuffer block = BufferUtil.allocateDirectAligned(BLOCK_BYTES, BLOCK_BYTES);
        try (DeviceFile file = files.openForRead(name)) {
            if (file.readFully(block, 0) != LabelDescriptor.SIZE_BYTES) {
                return null;
            }
        } catch (IOException e) {
            // An unreadable copy is a damaged one: the others stand in for it.
            return null;
        }
        DeviceLabel label = LabelDescriptor.decode(block);
        if (label != null && LabelDescriptor.version(block) != LabelDescriptor.FORMAT_VERSION) {
            throw new DeviceLabelException(
                    ("%s was written in format version %d, this release knows %d:"
                                    + " it can be read by the release that wrote it only")
                            .formatted(
                                    files,
                                    LabelDescriptor.version(block),
                                    LabelDescriptor.FORMAT_VERSION));
        }
        return label;
    }

    /** Makes all copies equal to the label, one after the other. */
    void write(DeviceLabel label) throws IOException {
        write(label, NAMES);
    }

    /** Makes the named copies equal to the label, one after the other. */
    void write(DeviceLabel label, List<String> names) throws IOException {
        ByteBuffer block = BufferUtil.allocateDirectAligned(BLOCK_BYTES, BLOCK_BYTES);
        LabelDescriptor.encode(label, block);
        for (String name : names) {
            String temporary = name + TEMPORARY_SUFFIX;
            try (DeviceFile file = files.openForWrite(temporary)) {
                file.writeFully(block.duplicate(), 0);
                file.sync();
            }
            files.rename(temporary, name);
            files.syncDirectory();
        }
    }
}
