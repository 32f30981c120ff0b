package io.varve.endpoint.history;

import io.varve.endpoint.history.Operation.Action;
import io.varve.endpoint.history.Operation.Result;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for one order of all operations in which each has the result it was answered with, and that
 * agrees with the order of those that did not overlap. Operations without an answer may stand
 * anywhere after their beginning, or nowhere; they are tried only where nothing else fits, so that
 * the search stays short although there may be many. The search is Wing's and Gong's, with Lowe's
 * memory of what was tried; the state is that of all keys, so that a listing counts as one
 * operation.
 */
public final class Linearizability {
    /** A call, or the return of one, in a list of all that can be taken apart and put together. */
    private static final class Event {
        final Operation operation;
        final int index;
        final boolean call;
        @Nullable Event other;
        @Nullable Event before;
        @Nullable Event next;

        Event(Operation operation, int index, boolean call) {
            this.operation = operation;
            this.index = index;
            this.call = call;
        }

        long nanos() {
            return call ? operation.invokedNanos() : operation.returnedNanos();
        }
    }

    private record Tried(BitSet placed, Map<String, String> state) {}

    private record Choice(Event event, Map<String, String> state) {}

    /** Of what was answered. */
    private final Event head;

    /** Of what was not, and could have changed something. */
    private final Event openHead;

    private final BitSet placed = new BitSet();
    private final Set<Tried> tried = new HashSet<>();
    private final Deque<Choice> choices = new ArrayDeque<>();
    private Map<String, String> state = Map.of();
    private int answersLeft;

    private Linearizability(List<Operation> history) {
        List<Event> events = new ArrayList<>();
        List<Event> open = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Operation operation = history.get(i);
            Event call = new Event(operation, i, true);
            if (!operation.answered()) {
                if (changes(operation.action())) {
                    open.add(call);
                }
            } else {
                events.add(call);
                Event answer = new Event(operation, i, false);
                call.other = answer;
                events.add(answer);
                answersLeft++;
            }
        }
        // At the same instant calls come first: so they overlap.
        events.sort(
                Comparator.comparingLong(Event::nanos).thenComparing(event -> event.call ? 0 : 1));
        open.sort(Comparator.comparingLong(Event::nanos));
        head = linked(events);
        openHead = linked(open);
    }

    private static boolean changes(Action action) {
        return switch (action) {
            case Action.Put _, Action.Delete _ -> true;
            case Action.Read _, Action.ListAll _ -> false;
        };
    }

    private static Event linked(List<Event> events) {
        Event head = new Event(new Operation(0, 0, new Action.ListAll(), null), -1, true);
        Event last = head;
        for (Event event : events) {
            last.next = event;
            event.before = last;
            last = event;
        }
        return head;
    }

    /** Whether there is such an order, from a beginning without any key. */
    public static boolean holds(List<Operation> history) {
        return new Linearizability(history).search();
    }

    private boolean search() {
        Event event = head.next;
        while (answersLeft > 0) {
            if (event != null && event.call && mayStandHere(event)) {
                Map<String, String> after = fitting(event.operation);
                event = after != null && isNew(event, after) ? place(event, after) : event.next;
            } else if (event != null && !event.call) {
                // All that was answered later has to stand later; what was not may stand here.
                event = openHead.next;
            } else if (choices.isEmpty()) {
                return false;
            } else {
                event = takeBack();
            }
        }
        return true;
    }

    /** As {@link #step}; what was not answered and changes nothing need not stand anywhere. */
    private @Nullable Map<String, String> fitting(Operation operation) {
        Map<String, String> after = step(state, operation);
        return after != null && !operation.answered() && after.equals(state) ? null : after;
    }

    /** Whether it had begun before the first answer that is still to be explained. */
    private boolean mayStandHere(Event event) {
        if (event.operation.answered()) {
            return true;
        }
        Event answer = head.next;
        while (answer != null && answer.call) {
            answer = answer.next;
        }
        return answer != null && event.nanos() <= answer.nanos();
    }

    private boolean isNew(Event event, Map<String, String> after) {
        BitSet with = (BitSet) placed.clone();
        with.set(event.index);
        return tried.add(new Tried(with, after));
    }

    private @Nullable Event place(Event event, Map<String, String> after) {
        choices.push(new Choice(event, state));
        state = after;
        placed.set(event.index);
        unlink(event);
        Event answer = event.other;
        if (answer != null) {
            unlink(answer);
            answersLeft--;
        }
        return head.next;
    }

    private @Nullable Event takeBack() {
        Choice choice = choices.pop();
        Event event = choice.event();
        state = choice.state();
        placed.clear(event.index);
        Event answer = event.other;
        if (answer != null) {
            relink(answer);
            answersLeft++;
        }
        relink(event);
        return event.next;
    }

    private static void unlink(Event event) {
        Event before = event.before;
        Event next = event.next;
        if (before != null) {
            before.next = next;
        }
        if (next != null) {
            next.before = before;
        }
    }

    private static void relink(Event event) {
        Event before = event.before;
        Event next = event.next;
        if (before != null) {
            before.next = event;
        }
        if (next != null) {
            next.before = event;
        }
    }

    /** The state behind an operation, or null when it cannot have had its result here. */
    private static @Nullable Map<String, String> step(
            Map<String, String> state, Operation operation) {
        Result result = operation.result();
        return switch (operation.action()) {
            case Action.Read read -> {
                Result here = new Result.Value(state.getOrDefault(read.key(), ""));
                yield result == null || result.equals(here) ? state : null;
            }
            case Action.ListAll _ -> {
                Result here = new Result.Listing(state);
                yield result == null || result.equals(here) ? state : null;
            }
            case Action.Delete delete ->
                    result instanceof Result.Refused ? null : without(state, delete.key());
            case Action.Put put -> {
                String onlyOver = put.onlyOver();
                boolean applies =
                        onlyOver == null || onlyOver.equals(state.getOrDefault(put.key(), ""));
                if (result != null && result instanceof Result.Applied != applies) {
                    yield null;
                }
                yield applies ? with(state, put.key(), put.value()) : state;
            }
        };
    }

    private static Map<String, String> with(Map<String, String> state, String key, String value) {
        Map<String, String> after = new TreeMap<>(state);
        after.put(key, value);
        return Map.copyOf(after);
    }

    private static Map<String, String> without(Map<String, String> state, String key) {
        Map<String, String> after = new TreeMap<>(state);
        after.remove(key);
        return Map.copyOf(after);
    }
}
