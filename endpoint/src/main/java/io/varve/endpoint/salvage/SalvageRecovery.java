package io.varve.endpoint.salvage;

import io.varve.devices.pool.BlobSalvage;
import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Outcome;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Puts what was salvaged into a store, through the commands that clients use: so what it wrote is
 * as durable as any object, and a recovery that was cut short leaves whole objects.
 * Single-threaded.
 */
public final class SalvageRecovery {
    private static final String PRINCIPAL = "salvage";
    private static final String BUCKET_PREFIX = "salvaged-";

    private final BlobSalvage devices;
    private final ObjectStore store;
    private final String account;
    private final Map<Long, String> bucketNames;
    private final boolean allVersions;
    private final List<Failure> failures = new ArrayList<>();
    private long objects;
    private long versions;
    private long bytes;

    /** A version that could not be brought over. */
    public record Failure(long bucketId, String key, String reason) {}

    /** What became of it. */
    public record Result(long objects, long versions, long bytes, List<Failure> failures) {
        public Result {
            failures = List.copyOf(failures);
        }
    }

    /**
     * @param account that shall own the buckets
     * @param bucketNames names by bucket id; a bucket without one is called {@code salvaged-ID}
     * @param allVersions whether older whole versions are put too, into buckets that keep versions
     */
    public SalvageRecovery(
            BlobSalvage devices,
            ObjectStore store,
            String account,
            Map<Long, String> bucketNames,
            boolean allVersions) {
        this.devices = devices;
        this.store = store;
        this.account = account;
        this.bucketNames = Map.copyOf(bucketNames);
        this.allVersions = allVersions;
    }

    /**
     * @throws IllegalStateException when a bucket cannot be made
     */
    public Result run(SalvageCatalog catalog) {
        catalog.buckets().forEach((id, found) -> recover(id, found.values()));
        return new Result(objects, versions, bytes, failures);
    }

    /** What a bucket is called in the new site. */
    public static String bucketName(Map<Long, String> names, long bucketId) {
        return names.getOrDefault(bucketId, BUCKET_PREFIX + bucketId);
    }

    private void recover(long oldBucketId, Collection<SalvagedObject> found) {
        String name = bucketName(bucketNames, oldBucketId);
        Outcome made = store.change(caller(), new BucketChange.CreateBucket(name, account));
        if (!(made instanceof Outcome.BucketCreated(long bucketId))) {
            throw new IllegalStateException("bucket " + name + " cannot be made: " + made);
        }
        if (allVersions) {
            store.change(caller(), new BucketChange.SetVersioning(bucketId, Versioning.ENABLED));
        }
        for (SalvagedObject object : found) {
            if (put(bucketId, object)) {
                objects++;
            }
        }
    }

    /** Tries older versions only when newer ones turn out to be damaged, or all are wanted. */
    private boolean put(long bucketId, SalvagedObject object) {
        List<SalvagedVersion> whole =
                object.versions().stream().filter(version -> version.gap() == null).toList();
        boolean any = false;
        for (SalvagedVersion version : allVersions ? whole : whole.reversed()) {
            try {
                put(bucketId, object.key(), version);
                versions++;
                bytes += version.sizeBytes();
                any = true;
                if (!allVersions) {
                    break;
                }
            } catch (IOException e) {
                failures.add(
                        new Failure(
                                object.bucketId(), object.key(), String.valueOf(e.getMessage())));
            }
        }
        return any;
    }

    private void put(long bucketId, String key, SalvagedVersion version) throws IOException {
        if (version.isUpload()) {
            putParts(bucketId, key, version);
            return;
        }
        PutCommand command = new PutCommand(bucketId, key, Attributes.NONE, Precondition.NONE);
        try (SalvagedStream body = new SalvagedStream(devices, version.bodies().getFirst())) {
            requirePut(store.put(caller(), command, body));
        }
    }

    /** As an upload of the same parts, so that the ETag is the same. */
    private void putParts(long bucketId, String key, SalvagedVersion version) throws IOException {
        Outcome started =
                store.change(
                        caller(),
                        new UploadChange.StartUpload(bucketId, key, Attributes.NONE, null, null));
        if (!(started instanceof Outcome.UploadStarted(long uploadId))) {
            throw new IOException("refused: " + started);
        }
        try {
            complete(bucketId, key, uploadId, version);
        } catch (IOException e) {
            store.change(caller(), new UploadChange.AbortUpload(bucketId, key, uploadId));
            throw e;
        }
    }

    private void complete(long bucketId, String key, long uploadId, SalvagedVersion version)
            throws IOException {
        List<UploadChange.PartRef> parts = new ArrayList<>();
        MessageDigest all = md5();
        for (SalvagedBody part : version.bodies()) {
            ObjectStore.PartCommand command =
                    new ObjectStore.PartCommand(bucketId, key, uploadId, part.partNumber());
            Outcome put;
            try (SalvagedStream body = new SalvagedStream(devices, part)) {
                put = store.putPart(caller(), command, body);
            }
            if (!(put instanceof Outcome.PartPut(var made))) {
                throw new IOException("part refused: " + put);
            }
            all.update(HexFormat.of().parseHex(made.etag()));
            parts.add(new UploadChange.PartRef(part.partNumber(), made.etag()));
        }
        String etag = HexFormat.of().formatHex(all.digest()) + "-" + parts.size();
        requirePut(
                store.change(
                        caller(),
                        new UploadChange.CompleteUpload(
                                bucketId,
                                key,
                                uploadId,
                                parts,
                                etag,
                                List.of(),
                                0,
                                Precondition.NONE)));
    }

    private static void requirePut(Outcome outcome) throws IOException {
        if (!(outcome instanceof Outcome.ObjectPut)) {
            throw new IOException("refused: " + outcome);
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private Caller caller() {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        return new Caller(account, PRINCIPAL, new RequestId(dice.nextLong(), dice.nextLong()));
    }
}
