package io.varve.endpoint.site;

import io.varve.endpoint.history.Operation;
import io.varve.endpoint.history.Operation.Action;
import io.varve.endpoint.history.Operation.Result;
import io.varve.journal.JournalException;
import io.varve.journal.kafka.KafkaJournal;
import io.varve.journal.kafka.KafkaJournalConfig;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.ViewException;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What an endpoint has of a journal that others write to as well: its writer, and its view. Reads
 * ask first how far the journal is. Safe for use by many threads.
 */
final class JournalEndpoint implements AutoCloseable {
    private static final long POLL_NANOS = 50_000;

    private final KafkaJournalConfig config;
    private final Path viewDirectory;

    /** Held for writing while it is closed and opened again. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private volatile boolean ending;
    private KafkaJournal journal;
    private NamespaceHost host;

    JournalEndpoint(KafkaJournalConfig config, Path viewDirectory) {
        this.config = config;
        this.viewDirectory = viewDirectory;
        this.journal = KafkaJournal.open(config);
        this.host = openHost();
    }

    private NamespaceHost openHost() {
        return NamespaceHost.open(
                journal,
                new ViewDirectory(viewDirectory),
                RocksConfig.DEFAULT,
                NamespaceConfig.DEFAULT,
                _ -> {});
    }

    /** Ends in the middle of what it does; the operations under way have no answer. */
    void restart() {
        ending = true;
        host.close();
        journal.close();
        use.writeLock().lock();
        try {
            journal = KafkaJournal.open(config);
            host = openHost();
            ending = false;
        } finally {
            use.writeLock().unlock();
        }
    }

    long createBucket() {
        Outcome outcome = submit(new BucketChange.CreateBucket("bucket", "me"));
        return ((Outcome.BucketCreated) outcome).bucketId();
    }

    /** Carries an action out, and says what came of it and when. */
    Operation perform(long bucketId, Action action) {
        use.readLock().lock();
        long invoked = System.nanoTime();
        try {
            Result result = result(bucketId, action);
            return new Operation(invoked, System.nanoTime(), action, result);
        } catch (CompletionException | JournalException | ViewException e) {
            return new Operation(invoked, Operation.NEVER, action, null);
        } finally {
            use.readLock().unlock();
        }
    }

    private Result result(long bucketId, Action action) {
        return switch (action) {
            case Action.Put put -> told(submit(put(bucketId, put)));
            case Action.Delete delete ->
                    told(
                            submit(
                                    new ObjectChange.DeleteObject(
                                            bucketId, delete.key(), null, Precondition.NONE)));
            case Action.Read read ->
                    new Result.Value(
                            confirmedView()
                                    .latest(bucketId, read.key())
                                    .map(ObjectVersion::etag)
                                    .orElse(""));
            case Action.ListAll _ -> listing(bucketId);
        };
    }

    private static ObjectChange put(long bucketId, Action.Put put) {
        return new ObjectChange.PutObject(
                bucketId,
                put.key(),
                put.value(),
                Manifest.EMPTY,
                Attributes.NONE,
                List.of(),
                condition(put.onlyOver()));
    }

    private static Precondition condition(@Nullable String onlyOver) {
        if (onlyOver == null) {
            return Precondition.NONE;
        }
        return onlyOver.isEmpty()
                ? new Precondition.IfAbsent()
                : new Precondition.IfMatch(onlyOver);
    }

    private Result listing(long bucketId) {
        Map<String, String> values = new TreeMap<>();
        for (ObjectVersion version :
                confirmedView().list(new ListQuery(bucketId, "", "", null, 1_000)).objects()) {
            values.put(version.key(), version.etag());
        }
        return new Result.Listing(values);
    }

    private NamespaceView confirmedView() {
        long confirmed = journal.confirmedEnd().join();
        NamespaceView view = host.view();
        while (view.appliedPosition() < confirmed) {
            if (ending) {
                throw new JournalException("the endpoint ends");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return view;
    }

    private Outcome submit(Change change) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        RequestId id = new RequestId(random.nextLong(), random.nextLong());
        return host.submit(new Draft(id, "me", change)).join();
    }

    private static Result told(Outcome outcome) {
        return outcome instanceof Outcome.Refused ? new Result.Refused() : new Result.Applied();
    }

    byte[] chainHash(long position) {
        return journal.chainHash(position);
    }

    long confirmedEnd() {
        return journal.confirmedEnd().join();
    }

    @Override
    public void close() {
        host.close();
        journal.close();
    }
}
