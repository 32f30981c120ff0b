package io.varve.endpoint.site;

import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.Terms;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.Checkpoint;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A takeover by force, on a copy: the records that a standby has are copied into a journal of their
 * own, a view is made of them, and that journal begins to lead and takes a write. The site itself
 * is only read. Used once, by one thread.
 */
public final class Rehearsal {
    private static final int BATCH_RECORDS = 1024;
    private static final long BATCH_BYTES = 4L << 20;

    private static final long LOOK_NANOS = 5_000_000;

    /** The MD5 of nothing. */
    private static final String EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e";

    private static final String BUCKET = "varve-drill";

    private final StoredJournal journal;
    private final NamespaceHost host;
    private final Path directory;
    private final BooleanSupplier ended;

    /**
     * What came of it.
     *
     * @param position up to which records were copied
     * @param copyMs what that took, with their view
     * @param same whether the copy's view has the digest that the standby's has there
     * @param takeoverMs from the decision to the first write that was acknowledged
     */
    public record Result(long position, long copyMs, boolean same, long takeoverMs) {}

    Rehearsal(StoredJournal journal, NamespaceHost host, Path directory, BooleanSupplier ended) {
        this.journal = journal;
        this.host = host;
        this.directory = directory;
        this.ended = ended;
    }

    Result run() throws IOException {
        deleteTree();
        Files.createDirectories(directory);
        try {
            return rehearse();
        } finally {
            deleteTree();
        }
    }

    private Result rehearse() throws IOException {
        long began = System.nanoTime();
        UUID site = UUID.randomUUID();
        JournalConfig config =
                JournalConfig.of(List.of(directory.resolve("journal")), site).withFollows(true);
        try (ChronicleJournal copy = ChronicleJournal.open(config)) {
            copy(copy, journal.endPosition());
            try (NamespaceHost view =
                    NamespaceHost.open(
                            copy,
                            new ViewDirectory(directory.resolve("view")),
                            RocksConfig.DEFAULT,
                            NamespaceConfig.DEFAULT,
                            event -> {})) {
                Checkpoint standby = inStep(copy);
                boolean same =
                        view.publishedAt(standby.position())
                                .join()
                                .digest()
                                .equals(standby.digest());
                long copyMs = millisSince(began);
                long decided = System.nanoTime();
                takeOver(copy, view);
                return new Result(standby.position(), copyMs, same, millisSince(decided));
            }
        }
    }

    /** The standby goes on: the copy follows it to a position at which its view stands. */
    private Checkpoint inStep(ChronicleJournal copy) {
        Checkpoint standby = host.published();
        while (standby.position() < copy.endPosition()) {
            LockSupport.parkNanos(LOOK_NANOS);
            requireGoingOn();
            standby = host.published();
        }
        copy(copy, standby.position());
        return standby;
    }

    private void requireGoingOn() {
        if (ended.getAsBoolean()) {
            throw new ReplicaException("the drill was ended");
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private void copy(ChronicleJournal copy, long through) {
        try (StoredReader reader = journal.stored(copy.endPosition() + 1)) {
            while (copy.endPosition() < through) {
                long left = through - copy.endPosition();
                List<StoredRecord> batch =
                        reader.next((int) Math.min(left, BATCH_RECORDS), BATCH_BYTES);
                copy.appendStored(batch);
                requireGoingOn();
            }
        }
    }

    private static void takeOver(ChronicleJournal copy, NamespaceHost view) {
        copy.lead(Terms.firstEpoch(Terms.of(copy.writerEpoch()) + 1));
        UUID request = UUID.randomUUID();
        Outcome created =
                submit(view, request, 1, new BucketChange.CreateBucket(BUCKET + request, ""));
        if (!(created instanceof Outcome.BucketCreated bucket)) {
            throw new ReplicaException("the copy takes no bucket: " + created);
        }
        Outcome put =
                submit(
                        view,
                        request,
                        2,
                        new ObjectChange.PutObject(
                                bucket.bucketId(),
                                "probe",
                                EMPTY_ETAG,
                                Manifest.EMPTY,
                                Attributes.NONE,
                                List.of(),
                                Precondition.NONE));
        if (!(put instanceof Outcome.ObjectPut)
                || view.view().latest(bucket.bucketId(), "probe").isEmpty()) {
            throw new ReplicaException("the copy takes no object: " + put);
        }
    }

    private static Outcome submit(NamespaceHost view, UUID request, long number, Change change) {
        return view.submit(
                        new Draft(
                                new RequestId(request.getMostSignificantBits(), number),
                                "",
                                change))
                .join();
    }

    private void deleteTree() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
