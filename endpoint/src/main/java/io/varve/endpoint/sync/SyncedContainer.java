package io.varve.endpoint.sync;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What of one container is still to be sent. Holds a bounded number of keys: when it is full it
 * takes no more, and the journal is read again from there later. Owned by the agent's thread.
 */
final class SyncedContainer {
    /** Of a key that nobody has said to be deleted. */
    static final long LIVE = -1;

    static final int MAX_PENDING = 10_000;

    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_REST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int MAX_DOUBLINGS = 9;

    private final long bucketId;
    private final SyncTarget target;
    private final String containerKey;
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private long readPosition;
    private @Nullable String listedThrough;
    private @Nullable String listing;
    private int listedPending;
    private int failures;
    private long restsUntilNanos;
    private Progress saved;
    private boolean settledSince;

    /** A key to be sent. */
    private static final class Pending {
        private final boolean listed;

        /** Of the first change of those that it stands for; 0 for none. */
        private long position;

        private long deletedMicros = LIVE;
        private int failures;
        private long restsUntilNanos;

        Pending(boolean listed) {
            this.listed = listed;
        }
    }

    SyncedContainer(long bucketId, SyncTarget target, String containerKey, Progress progress) {
        this.bucketId = bucketId;
        this.target = target;
        this.containerKey = containerKey;
        this.readPosition = progress.position();
        this.listedThrough = progress.listedThrough();
        this.saved = progress;
    }

    long bucketId() {
        return bucketId;
    }

    SyncTarget target() {
        return target;
    }

    boolean isOf(SyncTarget other, String key) {
        return target.equals(other) && containerKey.equals(key);
    }

    /** Up to where the journal has been read for it. */
    long readPosition() {
        return readPosition;
    }

    boolean isFull() {
        return pending.size() >= MAX_PENDING;
    }

    int pendingCount() {
        return pending.size();
    }

    /** Whether there are objects to be listed, and room for them. */
    boolean wantsListing() {
        return listedThrough != null && listedPending == 0 && pending.size() < MAX_PENDING / 2;
    }

    @Nullable String listedThrough() {
        return listedThrough;
    }

    /**
     * Takes a page of the keys that there are.
     *
     * @param through the last key of the page; null when it is the last page
     */
    void listed(List<String> keys, @Nullable String through) {
        for (String key : keys) {
            if (pending.putIfAbsent(key, new Pending(true)) == null) {
                listedPending++;
            }
        }
        listing = through;
        endListing();
    }

    /** Once all keys of a page have been dealt with, the page has. */
    private void endListing() {
        if (listedPending == 0) {
            listedThrough = listing;
        }
    }

    /**
     * Takes note of a change to a key.
     *
     * @param deletedMicros {@link #LIVE} when the key was written
     */
    void note(long position, String key, long deletedMicros) {
        Pending change = pending.computeIfAbsent(key, _ -> new Pending(false));
        change.position = change.position == 0 ? position : change.position;
        change.deletedMicros = deletedMicros;
        readPosition = position;
    }

    void readThrough(long position) {
        readPosition = Math.max(readPosition, position);
    }

    /** Keys that may be sent now; each of them is to be {@link #settled} before the next call. */
    List<SyncPush.Job> due(int max, long nowNanos) {
        List<SyncPush.Job> due = new ArrayList<>();
        if (restsUntilNanos > nowNanos) {
            return due;
        }
        for (Map.Entry<String, Pending> entry : pending.entrySet()) {
            Pending change = entry.getValue();
            if (due.size() == max) {
                break;
            }
            if (change.restsUntilNanos <= nowNanos) {
                due.add(
                        new SyncPush.Job(
                                target,
                                containerKey,
                                bucketId,
                                entry.getKey(),
                                change.deletedMicros));
            }
        }
        return due;
    }

    /**
     * @return whether this is the first failure since things went well, which is worth a word
     */
    boolean settled(String key, SyncPush.Result result, long nowNanos) {
        Pending change = pending.get(key);
        if (change == null) {
            return false;
        }
        return switch (result) {
            case SyncPush.Result.Same _ -> {
                failures = 0;
                remove(key, change);
                yield false;
            }
            case SyncPush.Result.Refused _ -> {
                change.restsUntilNanos = nowNanos + rest(change.failures++);
                // Behind the others, which need not wait for it.
                pending.remove(key);
                pending.put(key, change);
                yield change.failures == 1;
            }
            case SyncPush.Result.Away _ -> {
                boolean first = failures == 0;
                if (restsUntilNanos <= nowNanos) {
                    restsUntilNanos = nowNanos + rest(failures++);
                }
                yield first && failures == 1;
            }
        };
    }

    private void remove(String key, Pending change) {
        pending.remove(key);
        settledSince = true;
        if (change.listed) {
            listedPending--;
            endListing();
        }
    }

    private static long rest(int failures) {
        return Math.min(FIRST_REST_NANOS << Math.min(failures, MAX_DOUBLINGS), LONGEST_REST_NANOS);
    }

    /** How far it has got: what is still pending begins after that. */
    Progress progress() {
        long position = readPosition;
        for (Pending change : pending.values()) {
            if (change.position > 0) {
                position = Math.min(position, change.position - 1);
            }
        }
        return new Progress(target.url().toString(), position, listedThrough);
    }

    Progress saved() {
        return saved;
    }

    /** Whether a key has been dealt with since. */
    boolean hasSettled() {
        return settledSince;
    }

    void saved(Progress progress) {
        saved = progress;
        settledSince = false;
    }
}
