package io.varve.endpoint.store;

import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;
import io.varve.projections.namespace.Upload;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The store over devices and journal.
 *
 * <pre>
 *  body -> blobs durable on the devices -> record durable in the journal -> applied -> outcome
 * </pre>
 *
 * <p>The order decides what a crash can leave: blobs without a record (leftovers for the audit),
 * never a record without its blobs. For the same reason blobs are dropped again only when it is
 * certain that no record names them: the body failed, the record was refused, or the journal had no
 * space for it. When the journal fails otherwise, the record may be durable all the same, and the
 * blobs stay.
 */
public final class JournaledStore implements ObjectStore, AutoCloseable {
    /** Those of one batch of the journal, and those that gather meanwhile. */
    private static final int CHANGES_IN_FLIGHT_MAX = 2048;

    private final Ledger ledger;
    private final Blobs blobs;
    private final SpaceGuard space;
    private static final int DEFAULT_POOL = 0;

    private final Intake intake;
    private final ReadMemory readMemory;
    private final LongSupplier clockMillis;
    private final NameScope names;

    public JournaledStore(StoreConfig config, Ledger ledger, Blobs blobs, SpaceGuard space) {
        this(config, ledger, blobs, space, System::currentTimeMillis);
    }

    /**
     * @param clockMillis decides what has expired for readers
     */
    public JournaledStore(
            StoreConfig config,
            Ledger ledger,
            Blobs blobs,
            SpaceGuard space,
            LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
        this.names = config.names();
        this.ledger = ledger;
        this.blobs = blobs;
        this.space = space;
        this.intake = new Intake(config, blobs, clockMillis);
        this.readMemory = new ReadMemory(config.readMemoryBytes());
    }

    @Override
    public NamespaceView view() {
        long nowSeconds = TimeUnit.MILLISECONDS.toSeconds(clockMillis.getAsLong());
        return new UnexpiredView(ledger.view(), nowSeconds);
    }

    @Override
    public NameScope names() {
        return names;
    }

    @Override
    public StorageClasses storageClasses() {
        return blobs.classes();
    }

    @Override
    public Outcome change(Caller caller, AccountChange change) {
        return switch (change) {
            case AccountChange.ChangeAccountSettings settings -> submitIfSpace(caller, settings);
        };
    }

    @Override
    public Outcome change(Caller caller, BucketChange change) {
        return switch (change) {
            case BucketChange.DeleteBucket delete -> submit(caller, delete);
            case BucketChange.RemoveSnapshot remove -> submit(caller, remove);
            case BucketChange.CreateSnapshot create -> submitIfSpace(caller, create);
            case BucketChange.CreateBucket create -> submitIfSpace(caller, create);
            case BucketChange.SetVersioning set -> submitIfSpace(caller, set);
            case BucketChange.ChangeBucketSettings settings -> submitIfSpace(caller, settings);
        };
    }

    @Override
    public Outcome put(Caller caller, PutCommand command, ObjectBody body) throws IOException {
        ledger.requireWritable();
        Optional<Refusal> refusal = refusalOf(command);
        if (refusal.isPresent()) {
            return new Outcome.Refused(refusal.get());
        }
        Attributes attributes = classified(command.bucketId(), command.attributes());
        return store(
                caller,
                body,
                OwnerTag.ofObject(command.bucketId(), command.key()),
                poolOf(attributes),
                stored ->
                        new ObjectChange.PutObject(
                                command.bucketId(),
                                command.key(),
                                stored.md5(),
                                stored.manifest(),
                                attributes,
                                body.checksums(),
                                command.condition()));
    }

    @Override
    public Outcome change(Caller caller, ObjectChange change) {
        return switch (change) {
            case ObjectChange.DeleteObject delete -> submit(caller, delete);
            case ObjectChange.CopyObject copy -> submitIfSpace(caller, copy);
            case ObjectChange.PutObject put -> submitIfSpace(caller, put);
            case ObjectChange.SetAttributes set -> submitIfSpace(caller, set);
            case ObjectChange.ExpireObject expire -> submit(caller, expire);
            case ObjectChange.RemoveVersion remove -> submit(caller, remove);
            case ObjectChange.WithdrawObject withdraw -> submit(caller, withdraw);
            case ObjectChange.EraseHistory erase -> submit(caller, erase);
            case ObjectChange.RestoreVersion restore -> submitIfSpace(caller, restore);
            case ObjectChange.TransitionVersion transition -> submitIfSpace(caller, transition);
        };
    }

    @Override
    public List<Outcome> changeAll(Caller caller, Iterable<? extends ObjectChange> changes) {
        List<Outcome> outcomes = new ArrayList<>();
        Deque<CompletableFuture<Outcome>> pending = new ArrayDeque<>(CHANGES_IN_FLIGHT_MAX);
        for (ObjectChange change : changes) {
            if (!(change instanceof ObjectChange.DeleteObject)) {
                space.requireSpace();
            }
            if (pending.size() == CHANGES_IN_FLIGHT_MAX) {
                outcomes.add(await(pending.remove()));
            }
            pending.add(ledger.submit(draft(caller, change)));
        }
        for (CompletableFuture<Outcome> outcome : pending) {
            outcomes.add(await(outcome));
        }
        return outcomes;
    }

    @Override
    public Outcome change(Caller caller, UploadChange change) {
        return switch (change) {
            case UploadChange.AbortUpload abort -> submit(caller, abort);
            case UploadChange.StartUpload start -> submitIfSpace(caller, classified(start));
            case UploadChange.CompleteUpload complete -> submitIfSpace(caller, complete);
            case UploadChange.PutPart put -> submitIfSpace(caller, put);
        };
    }

    @Override
    public Outcome putPart(Caller caller, PartCommand command, ObjectBody body) throws IOException {
        ledger.requireWritable();
        Optional<Refusal> refusal = refusalOf(command);
        if (refusal.isPresent()) {
            return new Outcome.Refused(refusal.get());
        }
        OwnerTag.Body owner =
                OwnerTag.ofPart(
                        command.bucketId(),
                        command.key(),
                        command.uploadId(),
                        command.partNumber());
        return store(
                caller,
                body,
                owner,
                poolOf(command),
                stored ->
                        new UploadChange.PutPart(
                                command.bucketId(),
                                command.key(),
                                command.uploadId(),
                                command.partNumber(),
                                stored.md5(),
                                stored.manifest(),
                                body.checksums()));
    }

    @Override
    public ObjectReader open(ObjectVersion version, long offset, long lengthBytes) {
        return VersionReader.open(view(), blobs, readMemory, version, offset, lengthBytes);
    }

    /**
     * What the record would be refused for if it were appended now. Saves reading a body in vain;
     * the record decides in the end. The answer is right for this moment, and the record would come
     * later: a client cannot tell the two orders apart.
     */
    private Optional<Refusal> refusalOf(PutCommand command) {
        NamespaceView view = view();
        if (view.bucket(command.bucketId()).isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_BUCKET);
        }
        if (isClosed(classified(command.bucketId(), command.attributes()))) {
            return Optional.of(Refusal.STORAGE_CLASS_CLOSED);
        }
        if (command.condition() instanceof Precondition.None) {
            return Optional.empty();
        }
        Optional<ObjectVersion> current =
                view.latest(command.bucketId(), command.key())
                        .filter(version -> !version.deleteMarker());
        return switch (command.condition()) {
            case Precondition.None none -> Optional.empty();
            case Precondition.IfAbsent absent -> current.map(c -> Refusal.PRECONDITION_FAILED);
            // Whether an absent object fails an If-Match, and how, is left to the record.
            case Precondition.IfMatch match ->
                    current.filter(c -> !match.etag().equals("*") && !match.etag().equals(c.etag()))
                            .map(c -> Refusal.PRECONDITION_FAILED);
            case Precondition.IfOlder older ->
                    current.filter(c -> c.writtenMicros() >= older.originMicros())
                            .map(c -> Refusal.PRECONDITION_FAILED);
        };
    }

    private Optional<Refusal> refusalOf(PartCommand part) {
        NamespaceView view = view();
        if (view.bucket(part.bucketId()).isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_BUCKET);
        }
        Optional<Upload> upload = view.upload(part.bucketId(), part.key(), part.uploadId());
        if (upload.isEmpty()) {
            return Optional.of(Refusal.NO_SUCH_UPLOAD);
        }
        return isClosed(upload.get().attributes())
                ? Optional.of(Refusal.STORAGE_CLASS_CLOSED)
                : Optional.empty();
    }

    private boolean isClosed(Attributes attributes) {
        String name = attributes.settings().get(Attributes.STORAGE_CLASS);
        return name != null && blobs.classes().closed(name);
    }

    /**
     * With the class that the bucket gives to what asks for none; without one where it is the
     * default.
     */
    private Attributes classified(long bucketId, Attributes attributes) {
        String name = attributes.settings().get(Attributes.STORAGE_CLASS);
        String wanted = name;
        if (wanted == null) {
            wanted =
                    ledger.view()
                            .bucket(bucketId)
                            .map(bucket -> bucket.settings().get(Attributes.STORAGE_CLASS))
                            .orElse(null);
        }
        String kept = blobs.classes().standard().equals(wanted) ? null : wanted;
        if (Objects.equals(kept, name)) {
            return attributes;
        }
        TreeMap<String, String> settings = new TreeMap<>(attributes.settings());
        settings.remove(Attributes.STORAGE_CLASS);
        if (kept != null) {
            settings.put(Attributes.STORAGE_CLASS, kept);
        }
        return attributes.withSettings(settings);
    }

    private UploadChange.StartUpload classified(UploadChange.StartUpload start) {
        return new UploadChange.StartUpload(
                start.bucketId(),
                start.key(),
                classified(start.bucketId(), start.attributes()),
                start.algorithm(),
                start.checksumType());
    }

    private int poolOf(Attributes attributes) {
        String name = attributes.settings().get(Attributes.STORAGE_CLASS);
        return name == null ? DEFAULT_POOL : blobs.classes().pool(name).orElse(DEFAULT_POOL);
    }

    private int poolOf(PartCommand part) {
        return ledger.view()
                .upload(part.bucketId(), part.key(), part.uploadId())
                .map(upload -> poolOf(upload.attributes()))
                .orElse(DEFAULT_POOL);
    }

    private Outcome store(
            Caller caller,
            ObjectBody body,
            OwnerTag.Body owner,
            int poolId,
            Function<Stored, Change> changeOf)
            throws IOException {
        space.requireSpace();
        try (IntakeSession session = intake.open(owner, poolId)) {
            // The record follows the last copy at once, on the device's thread: to wake the
            // request's own in between would cost more than what there is to do.
            CompletableFuture<Draft> draft =
                    session.receive(body)
                            .thenApply(stored -> draft(caller, changeOf.apply(stored)));
            CompletableFuture<Outcome> submitted = draft.thenCompose(ledger::submit);
            Outcome outcome;
            try {
                outcome = await(submitted);
            } catch (RuntimeException e) {
                if (draft.state() == Future.State.SUCCESS && mayBeDurable(e)) {
                    session.leave();
                }
                throw e;
            }
            if (!(outcome instanceof Outcome.Refused)) {
                session.keep();
            }
            return outcome;
        }
    }

    private static boolean mayBeDurable(RuntimeException failure) {
        return switch (failure) {
            case StoreException told ->
                    told.category() != Category.FULL && told.category() != Category.READ_ONLY;
            case IllegalArgumentException refused -> false;
            default -> true;
        };
    }

    private Outcome submitIfSpace(Caller caller, Change change) {
        space.requireSpace();
        return submit(caller, change);
    }

    private Outcome submit(Caller caller, Change change) {
        return await(ledger.submit(draft(caller, change)));
    }

    /**
     * Each record has an id of its own, also when one request makes several: the upper half is the
     * request's, by which its records are found, the lower half is random.
     */
    private static Draft draft(Caller caller, Change change) {
        RequestId id =
                new RequestId(caller.requestId().high(), ThreadLocalRandom.current().nextLong());
        return new Draft(id, caller.principal(), change);
    }

    private static Outcome await(CompletableFuture<Outcome> outcome) {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case StoreException told -> told;
                case IllegalArgumentException refused -> refused;
                case null, default ->
                        new StoreException(
                                Category.UNAVAILABLE, "the record may be lost: " + e.getCause(), e);
            };
        }
    }

    /** Memory of bodies on their way in, for metrics. */
    public long writeMemoryLeasedBytes() {
        return intake.buffers().leasedBytes();
    }

    /** Call after the last request has ended; devices and journal belong to the caller. */
    @Override
    public void close() {
        intake.close();
    }
}
