package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Topology;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

final class DownOutRuleTest {
    private static final long MINUTE = 60_000_000;
    private static final long STARTED = 100 * MINUTE;

    private final DownOutRule rule = new DownOutRule(Duration.ofMinutes(10), STARTED);
    private final TreeMap<Integer, Device> devices = new TreeMap<>();

    DownOutRuleTest() {
        for (int id = 0; id < 9; id++) {
            set(id, Reach.UP, 0, Membership.IN);
        }
    }

    private void set(int id, Reach reach, long sinceMinutes, Membership membership) {
        PutDevice put =
                new PutDevice(
                        id,
                        TopologyChange.NO_UUID,
                        "host" + id / 3,
                        "",
                        "",
                        "hdd",
                        0x10000,
                        "d" + id,
                        0,
                        0);
        Device.State state =
                new Device.State(
                        reach,
                        membership,
                        TopologyChange.FULL_SHARE,
                        false,
                        "",
                        sinceMinutes * MINUTE,
                        0);
        devices.put(id, new Device(put, state, 0, 1));
    }

    private void down(int id, long sinceMinutes) {
        set(id, Reach.DOWN, sinceMinutes, Membership.IN);
    }

    private List<Integer> dueAt(long minutes) {
        Topology topology = new Topology(1, 1, "map", devices, new TreeMap<>(), new TreeSet<>());
        return rule.due(topology, minutes * MINUTE);
    }

    @Test
    void takesOutWhatIsDownForTheInterval() {
        down(4, 200);
        assertEquals(List.of(), dueAt(209));
        assertEquals(List.of(4), dueAt(210));
    }

    @Test
    void leavesWhatIsOutAlready() {
        set(4, Reach.DOWN, 200, Membership.OUT);
        set(5, Reach.DOWN, 200, Membership.DRAINING);
        assertEquals(List.of(), dueAt(300));
    }

    @Test
    void doesNotCountTheTimeBeforeItsStart() {
        down(4, 1);
        assertEquals(List.of(), dueAt(109));
        assertEquals(List.of(4), dueAt(110));
    }

    @Test
    void countsFromTheLastDeviceWhileAWholeHostIsDown() {
        down(3, 200);
        down(4, 200);
        assertEquals(List.of(3, 4), dueAt(210), "the host still has a device up");
        down(5, 208);
        assertEquals(List.of(), dueAt(212));
        assertEquals(List.of(3, 4, 5), dueAt(218));
    }

    @Test
    void leavesAtLeastHalfOfTheDevicesIn() {
        for (int id = 0; id < 6; id++) {
            down(id, 200);
        }
        assertEquals(List.of(0, 1, 2, 3), dueAt(300));
        for (int id = 0; id < 4; id++) {
            set(id, Reach.DOWN, 200, Membership.OUT);
        }
        assertEquals(List.of(), dueAt(301));
    }
}
