package io.varve.endpoint.history;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.history.Operation.Action;
import io.varve.endpoint.history.Operation.Result;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

final class LinearizabilityTest {
    private static final Result APPLIED = new Result.Applied();
    private static final Result REFUSED = new Result.Refused();

    private static Operation put(long from, long to, String value) {
        return new Operation(from, to, new Action.Put("k", value, null), APPLIED);
    }

    private static Operation swap(long from, long to, String over, String value, Result result) {
        return new Operation(from, to, new Action.Put("k", value, over), result);
    }

    private static Operation lost(long from, String value) {
        return new Operation(from, Operation.NEVER, new Action.Put("k", value, null), null);
    }

    private static Operation read(long from, long to, String value) {
        return new Operation(from, to, new Action.Read("k"), new Result.Value(value));
    }

    private static Operation list(long from, long to, Map<String, String> values) {
        return new Operation(from, to, new Action.ListAll(), new Result.Listing(values));
    }

    private static boolean holds(Operation... history) {
        return Linearizability.holds(List.of(history));
    }

    @Test
    void aReadSeesWhatWasAcknowledgedBefore() {
        assertTrue(holds(put(1, 2, "a"), read(3, 4, "a")));
        assertFalse(holds(put(1, 2, "a"), read(3, 4, "")), "stale");
        assertFalse(holds(put(1, 2, "a"), put(3, 4, "b"), read(5, 6, "a")), "stale");
        assertFalse(holds(read(1, 2, "a"), put(3, 4, "a")), "from the future");
    }

    @Test
    void whatOverlapsMayStandEitherWay() {
        assertTrue(holds(put(1, 10, "a"), read(2, 3, ""), read(4, 5, "a")));
        assertFalse(holds(put(1, 10, "a"), read(2, 3, "a"), read(4, 5, "")), "back in time");
    }

    @Test
    void whatWasNotAnsweredMayHappenLaterOrNever() {
        assertTrue(holds(lost(1, "a"), read(5, 6, ""), read(7, 8, "a"), read(9, 10, "a")));
        assertTrue(holds(lost(1, "a"), read(5, 6, "")));
        assertFalse(holds(lost(1, "a"), read(5, 6, "a"), read(7, 8, "")), "and stays");
        assertFalse(holds(read(1, 2, "a"), lost(3, "a")), "not before it was asked for");
    }

    @Test
    void ofTwoThatReplaceTheSameValueOneIsRefused() {
        assertTrue(
                holds(
                        put(1, 2, "a"),
                        swap(3, 6, "a", "b", APPLIED),
                        swap(4, 7, "a", "c", REFUSED),
                        read(8, 9, "b")));
        assertFalse(
                holds(
                        put(1, 2, "a"),
                        swap(3, 6, "a", "b", APPLIED),
                        swap(4, 7, "a", "c", APPLIED)));
        assertFalse(holds(put(1, 2, "a"), swap(3, 4, "a", "b", REFUSED)), "without a reason");
        assertFalse(holds(put(1, 2, "a"), swap(3, 4, "", "b", APPLIED)), "over what was there");
    }

    @Test
    void aListingIsOfOneMoment() {
        Operation other = new Operation(3, 4, new Action.Put("l", "b", null), APPLIED);
        assertTrue(holds(put(1, 2, "a"), other, list(5, 6, Map.of("k", "a", "l", "b"))));
        assertTrue(holds(put(1, 2, "a"), list(2, 5, Map.of("k", "a")), other));
        assertFalse(holds(put(1, 2, "a"), other, list(2, 5, Map.of("l", "b"))), "a later alone");
    }

    /** Histories of a store that is right are held, and most are not once one read is changed. */
    @Test
    void tellsRightHistoriesFromChangedOnes() {
        int found = 0;
        for (long seed = 1; seed <= 40; seed++) {
            List<Operation> history = made(seed);
            assertTrue(Linearizability.holds(history), "seed " + seed);
            int at = new SplittableRandom(seed).nextInt(history.size());
            Operation changed = changed(history.get(at));
            if (changed != null) {
                history.set(at, changed);
                assertFalse(Linearizability.holds(history), "seed " + seed + ", " + changed);
                found++;
            }
        }
        assertTrue(found > 5, "found " + found);
    }

    /** A read of a value that was never written. */
    private static @Nullable Operation changed(Operation operation) {
        return operation.action() instanceof Action.Read
                ? new Operation(
                        operation.invokedNanos(),
                        operation.returnedNanos(),
                        operation.action(),
                        new Result.Value("never"))
                : null;
    }

    /** Operations take effect at instants of their own, inside of overlapping intervals. */
    private static List<Operation> made(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> state = new TreeMap<>();
        List<Operation> history = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            long at = 100L * i;
            long from = at - random.nextInt(400);
            long to = at + random.nextInt(400);
            String key = "k" + random.nextInt(3);
            String before = state.getOrDefault(key, "");
            switch (random.nextInt(4)) {
                case 0 -> {
                    state.put(key, "v" + i);
                    boolean answered = random.nextInt(10) > 0;
                    history.add(
                            new Operation(
                                    from,
                                    answered ? to : Operation.NEVER,
                                    new Action.Put(key, "v" + i, null),
                                    answered ? APPLIED : null));
                }
                case 1 -> {
                    String over = random.nextBoolean() ? before : "other";
                    boolean applies = over.equals(before);
                    if (applies) {
                        state.put(key, "v" + i);
                    }
                    history.add(
                            new Operation(
                                    from,
                                    to,
                                    new Action.Put(key, "v" + i, over),
                                    applies ? APPLIED : REFUSED));
                }
                case 2 ->
                        history.add(
                                new Operation(
                                        from, to, new Action.Read(key), new Result.Value(before)));
                default ->
                        history.add(
                                new Operation(
                                        from, to, new Action.ListAll(), new Result.Listing(state)));
            }
        }
        return history;
    }
}
