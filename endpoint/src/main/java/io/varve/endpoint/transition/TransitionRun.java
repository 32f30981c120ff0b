package io.varve.endpoint.transition;

import io.varve.devices.BlobId;
import io.varve.devices.log.Pacer;
import io.varve.endpoint.store.Blobs;
import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.StorageClasses;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.endpoint.transition.TransitionStatus.State;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange.TransitionVersion;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.VersionListPage;
import io.varve.projections.namespace.VersionListQuery;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Carries one request out, version by version:
 *
 * <pre>
 *  blobs copied, durable in the other pool -> record durable -> applied -> old blobs in history
 * </pre>
 *
 * <p>A crash before the record leaves blobs that nothing names, for the audit; one after it leaves
 * nothing to do. What was moved is not moved again, so a request that was cut short begins anew.
 *
 * <p>Owned by the agent's thread; its status may be read by any.
 */
final class TransitionRun {
    private static final int PAGE = 200;
    private static final int FAILURES_MAX = 100;

    private final long id;
    private final TransitionRequest request;
    private final String principal;
    private final Ledger ledger;
    private final Blobs blobs;
    private final Pacer pacer;
    private final BooleanSupplier stopped;

    private volatile State state = State.WAITING;
    private long looked;
    private long moved;
    private long movedBytes;
    private long overtaken;
    private long failed;
    private final List<String> failures = new ArrayList<>();

    TransitionRun(
            long id,
            TransitionRequest request,
            String principal,
            Ledger ledger,
            Blobs blobs,
            Pacer pacer,
            BooleanSupplier stopped) {
        this.id = id;
        this.request = request;
        this.principal = principal;
        this.ledger = ledger;
        this.blobs = blobs;
        this.pacer = pacer;
        this.stopped = stopped;
    }

    synchronized TransitionStatus status() {
        return new TransitionStatus(
                id, request, state, looked, moved, movedBytes, overtaken, failed, failures);
    }

    void run() {
        state = State.RUNNING;
        boolean whole = false;
        try {
            whole = moveAll();
        } catch (RuntimeException e) {
            failed("the listing: " + e.getMessage());
        } finally {
            state = whole ? State.DONE : State.STOPPED;
        }
    }

    /** Returns whether it looked at everything. */
    private boolean moveAll() {
        VersionListQuery query =
                new VersionListQuery(request.bucketId(), request.prefix(), "", null, null, PAGE);
        while (true) {
            VersionListPage page = ledger.view().listVersions(query);
            for (VersionListPage.ListedVersion listed : page.versions()) {
                if (stopped.getAsBoolean()) {
                    return false;
                }
                look(listed);
            }
            if (page.nextKey() == null) {
                return true;
            }
            query =
                    new VersionListQuery(
                            request.bucketId(),
                            request.prefix(),
                            "",
                            page.nextKey(),
                            page.nextVersion(),
                            PAGE);
        }
    }

    private void look(VersionListPage.ListedVersion listed) {
        ObjectVersion version = listed.version();
        synchronized (this) {
            looked++;
        }
        if (version.deleteMarker()
                || (!listed.latest() && !request.noncurrent())
                || version.createdMicros() >= request.writtenBeforeMicros()
                || isThere(version)) {
            return;
        }
        try {
            move(version);
        } catch (StoreException | IllegalArgumentException e) {
            failed("%s: %s".formatted(version.key(), e.getMessage()));
        }
    }

    /** Also under another name of the same pool. */
    private boolean isThere(ObjectVersion version) {
        StorageClasses classes = blobs.classes();
        String name =
                version.attributes()
                        .settings()
                        .getOrDefault(Attributes.STORAGE_CLASS, classes.standard());
        OptionalInt pool = classes.pool(name);
        return name.equals(request.storageClass())
                || (pool.isPresent() && pool.equals(classes.pool(request.storageClass())));
    }

    private synchronized void failed(String reason) {
        failed++;
        if (failures.size() < FAILURES_MAX) {
            failures.add(reason);
        }
    }

    private void move(ObjectVersion version) {
        int pool =
                blobs.classes()
                        .pool(request.storageClass())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "there is no class " + request.storageClass()));
        Optional<Manifest> before = ledger.view().manifest(version);
        if (before.isEmpty()) {
            countOvertaken();
            return;
        }
        List<BlobId> copies = new ArrayList<>();
        Manifest after;
        try {
            after = copy(before.get(), pool, copies);
        } catch (RuntimeException e) {
            drop(copies);
            throw e;
        }
        if (after == null) {
            drop(copies);
            return;
        }
        record(version, after, copies);
    }

    /** Null when it is to stop. */
    private @Nullable Manifest copy(Manifest before, int pool, List<BlobId> copies) {
        List<BlobRef> refs = new ArrayList<>(before.blobs().size());
        for (BlobRef blob : before.blobs()) {
            if (stopped.getAsBoolean()) {
                return null;
            }
            BlobId copy = copy(blob, pool);
            copies.add(copy);
            refs.add(new BlobRef(copy.high(), copy.low(), blob.lengthBytes(), blob.crc32c()));
            pacer.moved(blob.lengthBytes());
        }
        return refs.isEmpty() ? Manifest.EMPTY : new Manifest(pool, refs);
    }

    private BlobId copy(BlobRef blob, int pool) {
        BlobId from = new BlobId(blob.idHigh(), blob.idLow());
        ByteBuffer content = ByteBuffer.allocate(blob.lengthBytes());
        blobs.read(from, 0, content);
        content.flip();
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        if (content.remaining() != blob.lengthBytes() || (int) crc.getValue() != blob.crc32c()) {
            throw new StoreException(
                    Category.LOST, "blob %s is not what its record says".formatted(from));
        }
        try {
            return blobs.write(pool, content, blobs.owner(from)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException told
                    ? told
                    : new StoreException(Category.UNAVAILABLE, "blob not written", e);
        }
    }

    /** Blobs that no record will ever name. */
    private void drop(List<BlobId> copies) {
        blobs.drop(copies);
        blobs.settled(copies);
    }

    private void record(ObjectVersion version, Manifest after, List<BlobId> copies) {
        boolean standard = request.storageClass().equals(blobs.classes().standard());
        TransitionVersion change =
                new TransitionVersion(
                        version.bucketId(),
                        version.key(),
                        version.position(),
                        after,
                        standard ? "" : request.storageClass());
        Outcome outcome;
        try {
            outcome = ledger.submit(draft(change)).join();
        } catch (CompletionException e) {
            boolean certain =
                    e.getCause() instanceof IllegalArgumentException
                            || (e.getCause() instanceof StoreException told
                                    && told.category() == Category.FULL);
            if (certain) {
                drop(copies);
            }
            // Otherwise the record may be durable all the same, and the blobs stay.
            throw new StoreException(Category.UNAVAILABLE, "not recorded: " + e.getCause(), e);
        } catch (IllegalArgumentException e) {
            drop(copies);
            throw e;
        }
        // Named by the version, or of a refused record: then the view has released them.
        blobs.settled(copies);
        if (outcome instanceof Outcome.AttributesSet) {
            synchronized (this) {
                moved++;
                movedBytes += version.sizeBytes();
            }
        } else {
            countOvertaken();
        }
    }

    private synchronized void countOvertaken() {
        overtaken++;
    }

    private Draft draft(TransitionVersion change) {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        return new Draft(new RequestId(dice.nextLong(), dice.nextLong()), principal, change);
    }
}
