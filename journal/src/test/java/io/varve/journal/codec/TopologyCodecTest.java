package io.varve.journal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.journal.text.RecordJson;
import io.varve.journal.text.RecordText;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

final class TopologyCodecTest {
    private static final RequestId ID = new RequestId(1, 2);

    private static final PutDevice DEVICE =
            new PutDevice(
                    7, new UUID(3, 4), "h1", "r", "", "ssd", 0x18000, "devices/7", 1 << 20, 9);

    private static String hex(TopologyChange change) {
        byte[] bytes = RecordCodec.encode(new Draft(ID, "", change));
        assertEquals(change, RecordCodec.decode(ByteBuffer.wrap(bytes)).change());
        return HexFormat.of().formatHex(bytes);
    }

    /** The bytes that are on disks already. A change here is a change of the format. */
    @Test
    void writesTheBytesOfSchemaOne() {
        String head = "0801110100000000000000190200000000000000";
        assertEquals(head + "c20608" + "0802" + "1204" + "6d61700a", hex(map(2, "map\n")));
        assertEquals(
                head
                        + "ca0635"
                        + "0807110300000000000000190400000000000000"
                        + "22026831"
                        + "2a0172"
                        + "3a03737364"
                        + "40808006"
                        + "4a09646576696365732f37"
                        + "50808040"
                        + "5809",
                hex(DEVICE));
        assertEquals(
                head + "d2060e" + "0807" + "1002" + "1802" + "2000" + "2801" + "32026f6f",
                hex(new SetDeviceState(7, Reach.DOWN, Membership.OUT, 0, true, "oo")));
        assertEquals(head + "da0602" + "0807", hex(new RemoveDevice(7)));
        assertEquals(
                head + "e2060e" + "0801" + "120145" + "1a0172" + "2804" + "3002" + "3805",
                hex(new PutPool(1, "E", "r", new PoolScheme.Fragments(4, 2), 5, "", "", 0)));
    }

    private static ChangePlacementMap map(long expectedEpoch, String text) {
        return new ChangePlacementMap(expectedEpoch, text);
    }

    @Test
    void refusesWhatIsIncompleteOrOutOfRange() {
        for (TopologyChange change :
                List.of(
                        map(0, ""),
                        map(-1, "x"),
                        map(0, "ü"),
                        map(0, "x".repeat(TopologyRules.MAP_CHARS_MAX + 1)),
                        device(-1, "h", "d", 1),
                        device(1 << 20, "h", "d", 1),
                        device(1, "", "d", 1),
                        device(1, "a\0b", "d", 1),
                        device(1, "h", "", 1),
                        device(1, "h", "d", 1L << 32),
                        new SetDeviceState(1, null, null, null, false, ""),
                        new SetDeviceState(1, null, null, 65_537, false, ""),
                        new RemoveDevice(-1),
                        pool(1 << 16, new PoolScheme.Copies(3), 2),
                        pool(0, new PoolScheme.Copies(0), 1),
                        pool(0, new PoolScheme.Copies(3), 4),
                        pool(0, new PoolScheme.Copies(3), 0),
                        pool(0, new PoolScheme.Fragments(4, 0), 4),
                        pool(0, new PoolScheme.Fragments(200, 100), 4))) {
            Draft draft = new Draft(ID, "", change);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> RecordCodec.encode(draft),
                    change::toString);
        }
    }

    private static PutDevice device(int id, String host, String directory, long weight) {
        UUID none = TopologyChange.NO_UUID;
        return new PutDevice(id, none, host, "", "", "hdd", weight, directory, 0, 0);
    }

    private static PutPool pool(int id, PoolScheme scheme, int minCopies) {
        return new PutPool(id, "P", "r", scheme, minCopies, "", "", 0);
    }

    @Test
    void holdsTheLargestMapInOneFrame() {
        String text = "x".repeat(TopologyRules.MAP_CHARS_MAX);
        assertTrue(RecordCodec.encode(new Draft(ID, "", map(1, text))).length < 1 << 20);
    }

    @Test
    void showsWhatChangedInText() {
        SetDeviceState state =
                new SetDeviceState(7, Reach.DOWN, null, 0x8000, true, "hangs since \"now\"");
        JournalRecord record = new JournalRecord(0, 1, 2, 3, ID, "admin", state);
        assertTrue(
                RecordText.of(record)
                        .endsWith(
                                "SetDeviceState device=\"7\" reach=\"down\" reweight=\"0.5\""
                                        + " automatic=\"true\" reason=\"hangs since \\\"now\\\"\""),
                () -> RecordText.of(record));
        assertTrue(RecordJson.of(record).contains("\"reach\":\"down\""));
    }
}
