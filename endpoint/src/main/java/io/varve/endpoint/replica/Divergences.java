package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.MergeLedger;
import io.varve.dr.replica.MergeRule;
import io.varve.dr.replica.MergeState;
import io.varve.dr.replica.OldHistory;
import io.varve.dr.replica.RecordMerge;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.SetAside;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.site.SiteReplica;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.RecordSource;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;

/**
 * What this site has set aside, and its way back into the journal of the pair: one merge at a time,
 * on a thread of its own. Safe for use by many threads.
 */
public final class Divergences implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Divergences.class.getName());
    private static final String SCRATCH = "scratch";

    private final UUID siteId;
    private final SiteReplica site;
    private final Path directory;
    private boolean running;
    private String failure = "";
    private long position;
    private @Nullable Thread thread;
    private volatile boolean closing;

    /**
     * Which records a merge is about.
     *
     * @param bucket by its name; null for all
     * @param key null for all; else with a bucket
     * @param position 0 for all
     */
    public record Choice(@Nullable String bucket, @Nullable String key, long position) {
        boolean all() {
            return bucket == null && position == 0;
        }
    }

    Divergences(UUID siteId, SiteReplica site) {
        this.siteId = siteId;
        this.site = site;
        this.directory = site.directory().resolve(SetAside.DIRECTORY);
    }

    /**
     * Begins to merge.
     *
     * @throws ReplicaException when a merge is under way, or there is no such bucket
     */
    synchronized void merge(MergeRule rule, Choice choice, RecordMerge.Target target) {
        if (running) {
            throw new ReplicaException("a merge is under way");
        }
        OptionalLong bucketId = bucketId(choice);
        running = true;
        failure = "";
        position = 0;
        thread =
                Thread.ofPlatform()
                        .name("varve-merge")
                        .daemon()
                        .start(() -> run(rule, choice, bucketId, target));
    }

    private OptionalLong bucketId(Choice choice) {
        String name = choice.bucket();
        if (name == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                site.view()
                        .bucket(name)
                        .orElseThrow(() -> new ReplicaException("there is no bucket " + name))
                        .id());
    }

    private void run(
            MergeRule rule, Choice choice, OptionalLong bucketId, RecordMerge.Target target) {
        String reason = "";
        try {
            for (SetAside aside : SetAside.list(directory)) {
                merge(aside, rule, choice, bucketId, target);
            }
        } catch (CancellationException e) {
            reason = "the site was closed";
        } catch (IOException | RuntimeException e) {
            reason = String.valueOf(e.getMessage());
            LOG.log(System.Logger.Level.WARNING, "the merge has ended: {0}", reason);
            LOG.log(System.Logger.Level.DEBUG, reason, e);
        }
        synchronized (this) {
            running = false;
            failure = reason;
        }
    }

    private void merge(
            SetAside aside,
            MergeRule rule,
            Choice choice,
            OptionalLong bucketId,
            RecordMerge.Target target)
            throws IOException {
        RecordSource shared = RecordSource.of(site.journal());
        try (MergeLedger ledger = MergeLedger.open(aside, shared, directory.resolve(SCRATCH))) {
            Predicate<JournalRecord> chosen =
                    record -> {
                        if (choice.all()) {
                            // What nobody has decided yet, or all that is left.
                            return rule == MergeRule.THEIRS
                                    || ledger.entry(record.position()).state() == MergeState.OPEN;
                        }
                        return isChosen(record, choice, bucketId, ledger);
                    };
            new RecordMerge(siteId, rule, target).run(ledger, chosen, this::reached);
        }
    }

    private static boolean isChosen(
            JournalRecord record, Choice choice, OptionalLong bucketId, MergeLedger ledger) {
        if (choice.position() != 0) {
            return record.position() == choice.position();
        }
        OptionalLong bucket = bucketOf(record.change());
        boolean inBucket = bucket.isPresent() && ledger.place(bucket.getAsLong()).equals(bucketId);
        String key = choice.key();
        return inBucket && (key == null || key.equals(keyOf(record.change())));
    }

    private static OptionalLong bucketOf(Change change) {
        return switch (change) {
            case ObjectChange object -> OptionalLong.of(object.bucketId());
            case UploadChange upload -> OptionalLong.of(upload.bucketId());
            case BucketChange.DeleteBucket delete -> OptionalLong.of(delete.bucketId());
            case BucketChange.SetVersioning set -> OptionalLong.of(set.bucketId());
            case BucketChange.ChangeBucketSettings set -> OptionalLong.of(set.bucketId());
            case BucketChange.CreateSnapshot create -> OptionalLong.of(create.bucketId());
            case BucketChange.RemoveSnapshot remove -> OptionalLong.of(remove.bucketId());
            default -> OptionalLong.empty();
        };
    }

    private static String keyOf(Change change) {
        return switch (change) {
            case ObjectChange object -> object.key();
            case UploadChange upload -> upload.key();
            default -> "";
        };
    }

    private synchronized void reached(long reached) {
        position = reached;
        if (closing) {
            throw new CancellationException();
        }
    }

    /**
     * What was set aside, and how many records of it are in which state.
     *
     * @param records whether each one is told
     * @throws ReplicaException when it cannot be read
     */
    ObjectNode document(boolean records) {
        ObjectNode document = Json.object();
        synchronized (this) {
            document.put("running", running);
            document.put("failure", failure);
            document.put("position", position);
        }
        ArrayNode sets = document.putArray("set_aside");
        try {
            for (SetAside aside : SetAside.list(directory)) {
                set(sets.addObject(), aside, records);
            }
        } catch (IOException e) {
            throw new ReplicaException("what was set aside cannot be read: " + e, e);
        }
        return document;
    }

    private static void set(ObjectNode document, SetAside aside, boolean records)
            throws IOException {
        document.put("first", aside.first()).put("last", aside.last());
        document.put("file", aside.file().toString());
        SortedMap<Long, MergeLedger.Entry> entries = MergeLedger.read(aside);
        ObjectNode counts = document.putObject("records");
        Map<MergeState, Long> counted = MergeLedger.counts(entries);
        for (MergeState state : MergeState.values()) {
            counts.put(state.toString(), counted.getOrDefault(state, 0L));
        }
        if (!records) {
            return;
        }
        ArrayNode each = document.putArray("each");
        aside.read(
                stored -> {
                    JournalRecord record = OldHistory.decoded(stored);
                    MergeLedger.Entry entry = entries.get(record.position());
                    ObjectNode told = each.addObject();
                    told.put("position", record.position());
                    told.put("change", record.change().getClass().getSimpleName());
                    told.put("key", keyOf(record.change()));
                    told.put("state", entry == null ? "" : entry.state().toString());
                    told.put("place", entry == null ? 0 : entry.place());
                    told.put("reason", entry == null ? "" : entry.reason());
                });
    }

    @Override
    public void close() {
        Thread current;
        synchronized (this) {
            closing = true;
            current = thread;
        }
        if (current != null) {
            current.interrupt();
            try {
                current.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
