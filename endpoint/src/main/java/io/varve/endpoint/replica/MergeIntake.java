package io.varve.endpoint.replica;

import io.varve.dr.replica.BlobFetch;
import io.varve.dr.replica.MergeState;
import io.varve.dr.replica.Primary;
import io.varve.dr.replica.RecordMerge.Answer;
import io.varve.dr.replica.RecordMerge.Item;
import io.varve.dr.replica.ReplicaException;
import io.varve.endpoint.site.SiteReplica;
import io.varve.endpoint.store.StoreException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.ObjectChange.CopyObject;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Namespace;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Takes what the other site had set aside, some records at a time: first their blobs, then the
 * records, each with the principal who made it there. Safe for use by many threads.
 */
final class MergeIntake implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int READ_COUNT = 1024;

    private final SiteReplica site;
    private final ExecutorService workers =
            Executors.newFixedThreadPool(
                    WORKERS, Thread.ofVirtual().name("varve-merge-", 0).factory());

    MergeIntake(SiteReplica site) {
        this.site = site;
    }

    /**
     * Takes records, in order.
     *
     * @param from who has the blobs; null for nobody but this site
     * @return what came of each
     * @throws ReplicaException when it cannot be done now; whether the records were appended is not
     *     certain then
     */
    List<Answer> submit(List<Item> items, @Nullable Primary from) throws InterruptedException {
        if (!site.writable()) {
            throw new ReplicaException("this site takes no changes");
        }
        boolean all = from != null && BlobFetch.bring(from, site, items, workers) == 0;
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (Item item : items) {
            Change change = withAttributes(item.draft().change(), item.timeMicros());
            if (all || BlobFetch.isHere(site, change)) {
                answers.add(append(item.draft(), change));
            } else {
                answers.add(
                        CompletableFuture.completedFuture(
                                new Answer(
                                        MergeState.HAND,
                                        0,
                                        "no site has good copies of its blobs")));
            }
        }
        try {
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException fault) {
                throw new ReplicaException("not merged: " + fault.getMessage(), fault);
            }
            throw e;
        } finally {
            items.forEach(item -> site.settledBlobs(item.draft().change()));
        }
    }

    private CompletableFuture<Answer> append(Draft draft, Change change) {
        // Not on the thread that applies: the answer may be looked for in the journal.
        return site.submit(new Draft(draft.requestId(), draft.principal(), change))
                .thenApplyAsync(outcome -> answer(draft.requestId(), change, outcome), workers);
    }

    /** A copy that shows its source's attributes has to say besides when it was written. */
    private Change withAttributes(Change change, long timeMicros) {
        if (!(change instanceof CopyObject copy) || copy.attributes() != null) {
            return change;
        }
        Optional<ObjectVersion> source = version(copy.source());
        if (source.isEmpty()) {
            return change;
        }
        Attributes shown = source.get().attributes();
        SortedMap<String, String> settings = new TreeMap<>(shown.settings());
        settings.put(Attributes.ORIGIN, Long.toString(timeMicros));
        return new CopyObject(
                copy.bucketId(),
                copy.key(),
                copy.source(),
                shown.withSettings(settings),
                copy.condition());
    }

    private Optional<ObjectVersion> version(VersionRef ref) {
        NamespaceView view = site.view();
        Optional<ObjectVersion> found =
                view.version(ref.bucketId(), ref.key(), new VersionId(ref.position()));
        return found.isPresent()
                ? found
                : view.version(ref.bucketId(), ref.key(), VersionId.NULL)
                        .filter(version -> version.position() == ref.position());
    }

    private Answer answer(RequestId request, Change change, Outcome outcome) {
        return switch (outcome) {
            case Outcome.BucketCreated created -> merged(created.bucketId());
            case Outcome.ObjectPut put -> merged(put.version().position());
            case Outcome.ObjectDeleted deleted -> {
                VersionId version = deleted.versionId();
                yield merged(version == null ? 0 : version.position());
            }
            case Outcome.AttributesSet set -> merged(set.version().revision());
            case Outcome.UploadStarted started -> merged(started.uploadId());
            case Outcome.Applied _, Outcome.PartPut _, Outcome.WindowClosed _ -> merged(0);
            case Outcome.Refused refused -> refused(request, change, refused.reason());
            case Outcome.IdentityRefused refused ->
                    new Answer(MergeState.HAND, 0, refused.reason().name());
            case Outcome.TopologyRefused refused ->
                    new Answer(MergeState.HAND, 0, refused.reason().name());
        };
    }

    private static Answer merged(long place) {
        return new Answer(MergeState.MERGED, place, "");
    }

    private Answer refused(RequestId request, Change change, Refusal reason) {
        return switch (reason) {
            case PRECONDITION_FAILED -> new Answer(MergeState.KEPT, 0, reason.name());
            case BUCKET_EXISTS, BUCKET_OWNED_BY_CALLER -> ofThatName(change, reason);
            case REPEATED_REQUEST -> before(request);
            default -> new Answer(MergeState.HAND, 0, reason.name());
        };
    }

    private Answer ofThatName(Change change, Refusal reason) {
        Optional<Bucket> there =
                change instanceof CreateBucket create
                        ? site.view().bucket(create.name())
                        : Optional.empty();
        return there.map(bucket -> new Answer(MergeState.MERGED, bucket.id(), "it is there"))
                .orElse(new Answer(MergeState.HAND, 0, reason.name()));
    }

    /** What an attempt came to whose answer was lost: its record is one of the last. */
    private Answer before(RequestId request) {
        long next = Math.max(1, site.journal().endPosition() - Namespace.RECENT_REQUEST_COUNT);
        try (RecordReader reader = site.journal().read(next)) {
            for (List<RequestId> page = reader.nextRequests(READ_COUNT);
                    !page.isEmpty();
                    page = reader.nextRequests(READ_COUNT)) {
                int index = page.indexOf(request);
                if (index >= 0) {
                    return new Answer(MergeState.MERGED, next + index, "by an attempt before");
                }
                next += page.size();
            }
        }
        return new Answer(MergeState.HAND, 0, Refusal.REPEATED_REQUEST.name());
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
