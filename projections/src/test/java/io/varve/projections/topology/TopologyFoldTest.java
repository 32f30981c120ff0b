package io.varve.projections.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.projections.KeyOrder;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

final class TopologyFoldTest {
    private final MemoryViewStore store = new MemoryViewStore();
    private final ViewBatch batch = new ViewBatch(store);
    private final TopologyFold fold = new TopologyFold(batch);
    private final TopologyMemory memory = TopologyMemory.load(store);
    private final List<JournalRecord> records = new ArrayList<>();
    private long micros;

    private @Nullable TopologyRefusal apply(TopologyChange change) {
        micros += 1000;
        long position = records.size() + 1L;
        JournalRecord record =
                new JournalRecord(
                        0, position, micros, 1, new RequestId(1, position), "admin", change);
        records.add(record);
        TopologyRefusal refusal = fold.apply(change, record);
        batch.commit(record);
        memory.publish(fold.settle());
        return refusal;
    }

    private void applied(TopologyChange change) {
        assertNull(apply(change), change::toString);
    }

    private Topology now() {
        return memory.current();
    }

    private Device device(int id) {
        return now().device(id).orElseThrow();
    }

    private static PutDevice device(int id, String host, long basedOn) {
        return new PutDevice(
                id, new UUID(1, id), host, "", "", "hdd", 0x10000, "devices/" + id, 0, basedOn);
    }

    private static PutPool pool(int id, String name, PoolScheme scheme, long basedOn) {
        return new PutPool(id, name, "rule", scheme, 1, "", "", basedOn);
    }

    private static PutPool pool(
            int id, String name, PoolScheme scheme, PoolOptions options, long basedOn) {
        return new PutPool(id, name, "rule", scheme, 1, "", "", options, basedOn);
    }

    private static SetDeviceState reach(int id, Reach reach) {
        return new SetDeviceState(id, reach, null, null, true, "");
    }

    private static SetDeviceState membership(int id, Membership membership, boolean automatic) {
        return new SetDeviceState(id, null, membership, null, automatic, "");
    }

    @Test
    void aNewDeviceIsDownAndIn() {
        applied(device(3, "h", 0));
        assertFalse(device(3).up());
        assertTrue(device(3).in());
        assertEquals(TopologyChange.FULL_SHARE, device(3).state().share());
        assertEquals(1, now().epoch());
    }

    @Test
    void ofTwoMapsMadeFromOneTheSecondIsRefused() {
        applied(new ChangePlacementMap(0, "one"));
        long seen = now().mapEpoch();
        applied(device(1, "h", 0));
        assertEquals(seen, now().mapEpoch(), "another change leaves the map's epoch");
        applied(new ChangePlacementMap(seen, "two"));
        assertEquals(
                TopologyRefusal.CHANGED_MEANWHILE, apply(new ChangePlacementMap(seen, "three")));
        assertEquals("two", now().map());
        assertEquals(now().epoch(), now().mapEpoch());
        assertEquals(TopologyRefusal.CHANGED_MEANWHILE, apply(new ChangePlacementMap(0, "four")));
    }

    @Test
    void ofTwoPutsMadeFromOneTheSecondIsRefused() {
        applied(device(1, "h", 0));
        long seen = device(1).position();
        applied(device(1, "i", seen));
        assertEquals(TopologyRefusal.CHANGED_MEANWHILE, apply(device(1, "j", seen)));
        assertEquals(TopologyRefusal.DEVICE_EXISTS, apply(device(1, "j", 0)));
        assertEquals(TopologyRefusal.NO_SUCH_DEVICE, apply(device(2, "j", 7)));
        assertEquals("i", device(1).put().host());
    }

    @Test
    void statesAreSetEachByItself() {
        applied(device(1, "h", 0));
        applied(reach(1, Reach.UP));
        long upSince = device(1).state().reachMicros();
        applied(membership(1, Membership.OUT, true));
        applied(new SetDeviceState(1, null, null, 0x8000, false, "slow"));
        Device.State state = device(1).state();
        assertEquals(
                new Device.State(
                        Reach.UP, Membership.OUT, 0x8000, true, "slow", upSince, micros - 1000),
                state);
        applied(membership(1, Membership.OUT, false));
        assertFalse(device(1).state().automatic(), "an operator says that it is to stay out");
        assertEquals(TopologyRefusal.NO_SUCH_DEVICE, apply(reach(9, Reach.UP)));
    }

    @Test
    void whatIsSaidAgainChangesNoEpoch() {
        applied(device(1, "h", 0));
        applied(reach(1, Reach.DOWN));
        applied(new ChangePlacementMap(0, "one"));
        long epoch = now().epoch();
        applied(reach(1, Reach.DOWN));
        applied(new ChangePlacementMap(now().mapEpoch(), "one"));
        assertEquals(epoch, now().epoch());
    }

    @Test
    void aDeviceLeavesOnlyWhenItIsNotIn() {
        applied(device(1, "h", 0));
        assertEquals(TopologyRefusal.DEVICE_IN, apply(new RemoveDevice(1)));
        applied(membership(1, Membership.DRAINING, false));
        applied(new RemoveDevice(1));
        assertTrue(now().devices().isEmpty());
        assertEquals(TopologyRefusal.NO_SUCH_DEVICE, apply(new RemoveDevice(1)));
        applied(device(1, "h", 0));
        assertTrue(device(1).in());
    }

    @Test
    void aPoolKeepsItsKindOfSchemeAndItsName() {
        applied(pool(0, "STANDARD", new PoolScheme.Copies(3), 0));
        applied(pool(1, "EC", new PoolScheme.Fragments(4, 2), 0));
        assertEquals(TopologyRefusal.NAME_TAKEN, apply(pool(2, "EC", new PoolScheme.Copies(2), 0)));
        long first = now().pool(0).orElseThrow().position();
        long second = now().pool(1).orElseThrow().position();
        applied(pool(0, "NORMAL", new PoolScheme.Copies(2), first));
        assertEquals(
                TopologyRefusal.SCHEME_FIXED,
                apply(pool(1, "EC", new PoolScheme.Fragments(8, 3), second)));
        assertEquals(
                TopologyRefusal.SCHEME_FIXED,
                apply(pool(1, "EC", new PoolScheme.Copies(3), second)));
        applied(pool(2, "STANDARD", new PoolScheme.Copies(2), 0));
        assertEquals(2, now().poolNamed("STANDARD").orElseThrow().id());
        assertEquals(TopologyRefusal.POOL_EXISTS, apply(pool(2, "X", new PoolScheme.Copies(2), 0)));
        assertEquals(
                TopologyRefusal.NO_SUCH_POOL, apply(pool(9, "X", new PoolScheme.Copies(2), 5)));
    }

    @Test
    void listenersSeeWhatTheyAreToldOf() {
        List<Long> epochs = new ArrayList<>();
        memory.onChange(() -> epochs.add(now().epoch()));
        applied(device(1, "h", 0));
        assertEquals(TopologyRefusal.DEVICE_EXISTS, apply(device(1, "h", 0)));
        applied(reach(1, Reach.UP));
        assertEquals(List.of(1L, 2L), epochs);
    }

    /** The rows of views that are there already: a change here makes views anew. */
    @Test
    void writesTheseRows() {
        applied(new ChangePlacementMap(0, "m"));
        applied(device(258, "h", 0));
        applied(pool(1, "E", new PoolScheme.Fragments(4, 2), 0));
        HexFormat hex = HexFormat.of();
        List<String> rows = new ArrayList<>();
        byte[] table = TopologyKeys.table();
        try (ViewCursor cursor = store.scan(table, KeyOrder.afterPrefix(table))) {
            for (; cursor.valid(); cursor.next()) {
                rows.add(
                        TopologyKeys.describe(cursor.key())
                                + " "
                                + hex.formatHex(cursor.key())
                                + " "
                                + hex.formatHex(cursor.value()));
            }
        }
        assertEquals(
                List.of(
                        "device 258 746400000102 01"
                                + "0000000000000102"
                                + "00000000000000010000000000000102"
                                + "0000000168"
                                + "00000000"
                                + "00000000"
                                + "00000003686464"
                                + "0000000000010000"
                                + "0000000b646576696365732f323538"
                                + "0000000000000000"
                                + "0000000000000000"
                                + "0000000000000002"
                                + "0000000000000001"
                                + "0000000000010000"
                                + "00"
                                + "00000000"
                                + "00000000000007d0"
                                + "00000000000007d0"
                                + "00000000000007d0"
                                + "0000000000000002",
                        "epoch 7465 010000000000000003",
                        "map 746d 010000000000000001000000016d",
                        "pool name E 746e45 010000000000000001",
                        "pool 1 747000000001 01"
                                + "0000000000000001"
                                + "0000000145"
                                + "0000000472756c65"
                                + "0000000000000004"
                                + "0000000000000002"
                                + "0000000000000001"
                                + "00000000"
                                + "00000000"
                                + "0000000000000000"
                                + "0000000000000bb8"
                                + "0000000000000003"),
                rows);
    }

    private static PutPool two(int id, boolean closed, long basedOn, String... otherNames) {
        return pool(
                id,
                "two" + id,
                new PoolScheme.Copies(2),
                new PoolOptions(List.of(otherNames), null, closed),
                basedOn);
    }

    private Pool pool(int id) {
        return now().pool(id).orElseThrow();
    }

    @Test
    void noNameIsThatOfTwoPools() {
        applied(two(1, false, 0, "COLD", "two1"));
        assertEquals(TopologyRefusal.NAME_TAKEN, apply(two(2, false, 0, "COLD")));
        assertEquals(1, now().poolCalled("COLD").orElseThrow().id());
        applied(two(1, false, pool(1).position(), "WARM"));
        applied(two(2, false, 0, "COLD"));
        assertEquals(2, now().poolCalled("COLD").orElseThrow().id());
        assertEquals(1, now().poolCalled("two1").orElseThrow().id());
        assertEquals(TopologyRefusal.NAME_TAKEN, apply(two(3, false, 0, "two1")));
    }

    @Test
    void aPoolIsClosedBeforeItIsRemoved() {
        applied(two(1, false, 0, "COLD"));
        assertFalse(fold.isShut(1));
        long open = pool(1).position();
        assertEquals(TopologyRefusal.POOL_OPEN, apply(new RemovePool(1, open)));
        applied(two(1, true, open, "COLD"));
        assertTrue(fold.isShut(1));
        assertEquals(TopologyRefusal.CHANGED_MEANWHILE, apply(new RemovePool(1, open)));
        assertEquals(TopologyRefusal.NO_SUCH_POOL, apply(new RemovePool(2, open)));
        applied(new RemovePool(1, pool(1).position()));
        assertTrue(fold.isShut(1));
        assertTrue(new TopologyFold(batch).isShut(1), "also after a restart");
        assertTrue(now().pool(1).isEmpty());
        assertTrue(now().poolCalled("COLD").isEmpty());
        assertEquals(2, now().freePoolId());
        assertEquals(TopologyRefusal.POOL_REMOVED, apply(two(1, false, 0)));
        applied(two(2, false, 0, "COLD"));
    }

    @Test
    void theDefaultPoolStaysOpen() {
        applied(two(0, false, 0));
        assertEquals(TopologyRefusal.DEFAULT_POOL, apply(two(0, true, pool(0).position())));
        assertEquals(TopologyRefusal.DEFAULT_POOL, apply(new RemovePool(0, pool(0).position())));
    }

    @Test
    void comesOutTheSameFromTheStoreAndFromTheRecords() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3000; i++) {
            apply(any(random));
        }
        assertEquals(now(), TopologyMemory.load(store).current(), () -> "seed=" + seed);

        MemoryViewStore rebuilt = new MemoryViewStore();
        ViewBatch again = new ViewBatch(rebuilt);
        TopologyFold anew = new TopologyFold(again);
        TopologyMemory remembered = TopologyMemory.load(rebuilt);
        for (JournalRecord record : records) {
            var unused = anew.apply((TopologyChange) record.change(), record);
            if (random.nextInt(7) == 0 || record.position() == records.size()) {
                again.commit(record);
                remembered.publish(anew.settle());
            }
        }
        assertEquals(now(), remembered.current(), () -> "seed=" + seed);
        assertEquals(
                batch.checkpoint().digest(), again.checkpoint().digest(), () -> "seed=" + seed);
    }

    private TopologyChange any(SplittableRandom random) {
        int id = random.nextInt(6);
        Membership membership = Membership.values()[random.nextInt(3)];
        long based = random.nextInt(5) == 0 ? random.nextInt(100) : -1;
        return switch (random.nextInt(7)) {
            case 6 ->
                    new RemovePool(
                            id, based < 0 ? now().pool(id).map(Pool::position).orElse(1L) : based);
            case 0 ->
                    new ChangePlacementMap(
                            based < 0 ? now().mapEpoch() : based, "map" + random.nextInt(3));
            case 1 ->
                    device(
                            id,
                            "h" + random.nextInt(3),
                            based < 0 ? now().device(id).map(Device::position).orElse(0L) : based);
            case 2 -> reach(id, random.nextBoolean() ? Reach.UP : Reach.DOWN);
            case 3 -> membership(id, membership, random.nextBoolean());
            case 4 -> new RemoveDevice(id);
            default ->
                    pool(
                            id,
                            "P" + random.nextInt(5),
                            random.nextBoolean()
                                    ? new PoolScheme.Copies(1 + random.nextInt(3))
                                    : new PoolScheme.Fragments(4, 2),
                            new PoolOptions(
                                    random.nextInt(4) == 0
                                            ? List.of("P" + random.nextInt(9))
                                            : List.of(),
                                    random.nextBoolean() ? null : random.nextInt(9),
                                    random.nextInt(3) == 0),
                            based < 0 ? now().pool(id).map(Pool::position).orElse(0L) : based);
        };
    }
}
