package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Writes damaged cycles of an open journal anew from another mirror, one at a time, on a thread of
 * its own. The cycle that is being written cannot be replaced; it is repaired once it is closed.
 * Requests may come from any thread.
 */
final class CycleRepairs implements Runnable, AutoCloseable {
    /** More damaged files than this at a time wait until they are found again. */
    private static final int MAX_WAITING = 1024;

    private sealed interface Request {
        record Repair(Path file) implements Request {}

        record RetryDeferred() implements Request {}

        record Tell(CountDownLatch reached) implements Request {}

        record Stop() implements Request {}
    }

    private final List<Mirror> mirrors;
    private final CycleInstaller installer;
    private final Consumer<JournalEvent> events;
    private final FrameRules rules;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Set<Path> deferred = new HashSet<>();
    private @Nullable Thread thread;
    private boolean closed;

    CycleRepairs(
            List<Mirror> mirrors,
            JournalMedia media,
            Consumer<JournalEvent> events,
            FrameRules rules) {
        this.mirrors = List.copyOf(mirrors);
        this.installer = new CycleInstaller(media, events, rules);
        this.events = events;
        this.rules = rules;
    }

    void request(Path file) {
        enqueue(new Request.Repair(file));
    }

    /** A cycle was closed: what waited for that can be tried. */
    void cycleClosed() {
        enqueue(new Request.RetryDeferred());
    }

    private synchronized void enqueue(Request request) {
        if (closed || mirrors.size() < 2 || requests.contains(request)) {
            return;
        }
        if (requests.offer(request) && thread == null) {
            Thread started = new Thread(this, "journal-repair");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    @Override
    public void run() {
        try {
            while (serve(requests.take())) {
                // One turn is one request.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean serve(Request request) {
        switch (request) {
            case Request.Repair(Path file) -> repair(file);
            case Request.RetryDeferred() -> {
                List<Path> again = List.copyOf(deferred);
                deferred.clear();
                again.forEach(this::repair);
            }
            case Request.Tell(CountDownLatch reached) -> reached.countDown();
            case Request.Stop() -> {
                return false;
            }
        }
        return true;
    }

    /** Returns when all that was asked for so far has been tried. */
    void await() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        synchronized (this) {
            if (thread == null || closed) {
                return;
            }
            requests.put(new Request.Tell(reached));
        }
        reached.await();
    }

    private void repair(Path file) {
        for (Mirror mirror : mirrors) {
            Map.Entry<Long, Path> cycle = mirror.cycleOf(file);
            if (cycle != null) {
                try {
                    repair(mirror, cycle.getKey(), file);
                } catch (IOException e) {
                    events.accept(
                            new JournalEvent.DamageFound(
                                    file, cycle.getKey(), "not repaired: " + e.getMessage()));
                }
            }
        }
    }

    private void repair(Mirror mirror, long firstPosition, Path file) throws IOException {
        Long next = mirror.cycleAfter(firstPosition);
        if (next == null) {
            deferred.add(file);
            return;
        }
        List<Path> sources = new ArrayList<>();
        CycleStart start = null;
        CycleStart after = null;
        for (Mirror other : mirrors) {
            if (other != mirror) {
                Path source = other.cycleAt(firstPosition);
                CycleStart found = source == null ? null : startOf(source);
                if (source != null && found != null) {
                    sources.add(source);
                    start = found;
                }
            }
            Path following = other.cycleAt(next);
            if (after == null && following != null) {
                after = startOf(following);
            }
        }
        if (start == null || after == null) {
            throw new IOException("no other mirror has the cycle");
        }
        Mark end = new Mark(after.firstPosition() - 1, after.parent());
        Path source = installer.install(new History.Part(start, end, sources), mirror.directory());
        events.accept(new JournalEvent.CycleRepaired(file, source));
    }

    private @Nullable CycleStart startOf(Path file) throws IOException {
        try (CycleCursor cursor = new CycleCursor(file, rules)) {
            return cursor.start();
        }
    }

    /** Ends after the repair that is going on. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
            requests.clear();
            requests.add(new Request.Stop());
        }
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
