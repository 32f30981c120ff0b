package io.varve.dr.replica;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.WindowChange;

import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Makes of a change that was set aside one that the site that leads can take. Pure.
 *
 * <p>Buckets, uploads and versions are known by the positions of the records that made them. Those
 * up to the fork are the same at both sites; of the others it has to be known where they are now.
 */
final class MergeTranslation {
    private final MergeRule rule;
    private final LongFunction<OptionalLong> places;

    /** What comes of it. */
    sealed interface Result {}

    /** To be appended where the lead is. */
    record Submit(Change change) implements Result {}

    /** Not to be appended, for this reason. */
    record Settled(MergeState state, String reason) implements Result {}

    /** What a change speaks of is not there. */
    private static final class NotThere extends Exception {
        private static final long serialVersionUID = 1;

        NotThere(long position) {
            super("what record %d made was not merged".formatted(position));
        }
    }

    /**
     * @param places where the journal has now what a record of the old history made; empty when it
     *     has not
     */
    MergeTranslation(MergeRule rule, LongFunction<OptionalLong> places) {
        this.rule = rule;
        this.places = places;
    }

    /**
     * @param position of the record, in the old history
     * @param timeMicros of the record
     */
    Result of(Change change, long position, long timeMicros) {
        if (change instanceof TopologyChange || change instanceof WindowChange) {
            return new Settled(MergeState.LOCAL, "");
        }
        if (rule == MergeRule.THEIRS) {
            return new Settled(MergeState.GIVEN_UP, "");
        }
        try {
            return switch (change) {
                case ObjectChange object -> object(object, position, timeMicros);
                case UploadChange upload -> upload(upload, position, timeMicros);
                case BucketChange bucket -> bucket(bucket);
                case AccountChange account -> whereMine(account, "settings have no time of change");
                case IdentityChange identity -> identity(identity);
                case TopologyChange _, WindowChange _ -> new Settled(MergeState.LOCAL, "");
            };
        } catch (NotThere e) {
            return new Settled(MergeState.HAND, String.valueOf(e.getMessage()));
        }
    }

    private Result object(ObjectChange change, long position, long timeMicros) throws NotThere {
        long bucket = place(change.bucketId());
        String key = change.key();
        return switch (change) {
            case ObjectChange.PutObject put ->
                    new Submit(
                            new ObjectChange.PutObject(
                                    bucket,
                                    name(key, position),
                                    put.etag(),
                                    put.manifest(),
                                    written(put.attributes(), timeMicros),
                                    put.checksums(),
                                    condition(timeMicros)));
            case ObjectChange.CopyObject copy -> {
                VersionRef source = copy.source();
                Attributes shown = copy.attributes();
                yield new Submit(
                        new ObjectChange.CopyObject(
                                bucket,
                                name(key, position),
                                new VersionRef(
                                        place(source.bucketId()),
                                        source.key(),
                                        place(source.position())),
                                shown == null ? null : written(shown, timeMicros),
                                condition(timeMicros)));
            }
            case ObjectChange.DeleteObject delete -> delete(delete, bucket, timeMicros);
            case ObjectChange.SetAttributes set ->
                    new Submit(
                            new ObjectChange.SetAttributes(
                                    bucket,
                                    key,
                                    place(set.position()),
                                    rule == MergeRule.MINE ? 0 : place(set.revision()),
                                    set.attributes(),
                                    set.touch()));
            case ObjectChange.RemoveVersion remove ->
                    new Submit(
                            new ObjectChange.RemoveVersion(bucket, key, place(remove.position())));
            case ObjectChange.ExpireObject _ ->
                    new Settled(MergeState.LOCAL, "what has expired expires at either site");
            case ObjectChange.TransitionVersion _ ->
                    new Settled(MergeState.LOCAL, "the bytes are where the leading site has them");
            case ObjectChange.RestoreVersion restore ->
                    whereMine(
                            new ObjectChange.RestoreVersion(bucket, key, place(restore.position())),
                            "which version is current has no time");
            case ObjectChange.EraseHistory _ ->
                    new Submit(new ObjectChange.EraseHistory(bucket, key));
            case ObjectChange.WithdrawObject _ ->
                    whereMine(
                            new ObjectChange.WithdrawObject(bucket, key),
                            "which version is current has no time");
        };
    }

    private Result delete(ObjectChange.DeleteObject delete, long bucket, long timeMicros)
            throws NotThere {
        VersionId version = delete.version();
        if (version == null && (rule == MergeRule.ABSENT || rule == MergeRule.ASIDE)) {
            return new Settled(MergeState.KEPT, "by the rule nothing is deleted");
        }
        if (version != null && version.isNull() && rule != MergeRule.MINE) {
            return new Settled(MergeState.HAND, "the null version may be another one by now");
        }
        VersionId now =
                version == null || version.isNull()
                        ? version
                        : new VersionId(place(version.position()));
        return new Submit(
                new ObjectChange.DeleteObject(
                        bucket,
                        delete.key(),
                        now,
                        version == null ? condition(timeMicros) : Precondition.NONE));
    }

    private Result upload(UploadChange change, long position, long timeMicros) throws NotThere {
        long bucket = place(change.bucketId());
        String key = name(change.key(), position);
        return switch (change) {
            case UploadChange.StartUpload start ->
                    new Submit(
                            new UploadChange.StartUpload(
                                    bucket,
                                    key,
                                    written(start.attributes(), timeMicros),
                                    start.algorithm(),
                                    start.checksumType()));
            case UploadChange.PutPart part ->
                    new Submit(
                            new UploadChange.PutPart(
                                    bucket,
                                    uploadKey(change, part.uploadId()),
                                    place(part.uploadId()),
                                    part.partNumber(),
                                    part.etag(),
                                    part.manifest(),
                                    part.checksums()));
            case UploadChange.CompleteUpload complete ->
                    new Submit(
                            new UploadChange.CompleteUpload(
                                    bucket,
                                    uploadKey(change, complete.uploadId()),
                                    place(complete.uploadId()),
                                    complete.parts(),
                                    complete.etag(),
                                    complete.checksums(),
                                    complete.minPartSizeBytes(),
                                    condition(timeMicros)));
            case UploadChange.AbortUpload abort ->
                    new Submit(
                            new UploadChange.AbortUpload(
                                    bucket,
                                    uploadKey(change, abort.uploadId()),
                                    place(abort.uploadId())));
        };
    }

    /** An upload that was begun in the old history has got another name, if its objects get one. */
    private String uploadKey(UploadChange change, long uploadId) throws NotThere {
        return place(uploadId) == uploadId ? change.key() : name(change.key(), uploadId);
    }

    private Result bucket(BucketChange change) throws NotThere {
        return switch (change) {
            case BucketChange.CreateBucket create -> new Submit(create);
            case BucketChange.DeleteBucket delete ->
                    new Submit(new BucketChange.DeleteBucket(place(delete.bucketId())));
            case BucketChange.CreateSnapshot _ ->
                    new Settled(MergeState.HAND, "its moment is not in this history");
            case BucketChange.RemoveSnapshot remove ->
                    whereMine(
                            new BucketChange.RemoveSnapshot(
                                    place(remove.bucketId()), remove.name()),
                            "a snapshot may be wanted");
            case BucketChange.SetVersioning set ->
                    whereMine(
                            new BucketChange.SetVersioning(place(set.bucketId()), set.versioning()),
                            "settings have no time of change",
                            set.bucketId());
            case BucketChange.ChangeBucketSettings settings ->
                    whereMine(
                            new BucketChange.ChangeBucketSettings(
                                    place(settings.bucketId()), settings.set(), settings.removed()),
                            "settings have no time of change",
                            settings.bucketId());
        };
    }

    /** Also where the bucket is one that came with the merge. */
    private Result whereMine(Change change, String otherwise, long bucketId) throws NotThere {
        return place(bucketId) == bucketId ? whereMine(change, otherwise) : new Submit(change);
    }

    private Result whereMine(Change change, String otherwise) {
        return rule == MergeRule.MINE
                ? new Submit(change)
                : new Settled(MergeState.HAND, otherwise);
    }

    /** What is based on a state is refused where that is another one by now. */
    private Result identity(IdentityChange change) throws NotThere {
        Change now =
                switch (change) {
                    case IdentityChange.PutDomain put ->
                            new IdentityChange.PutDomain(
                                    put.id(),
                                    put.name(),
                                    put.description(),
                                    put.enabled(),
                                    place(put.basedOn()));
                    case IdentityChange.PutProject put ->
                            new IdentityChange.PutProject(
                                    put.id(),
                                    put.domainId(),
                                    put.name(),
                                    put.description(),
                                    put.enabled(),
                                    place(put.basedOn()));
                    case IdentityChange.PutUser put ->
                            new IdentityChange.PutUser(
                                    put.id(),
                                    put.domainId(),
                                    put.name(),
                                    put.email(),
                                    put.description(),
                                    put.enabled(),
                                    put.defaultProjectId(),
                                    put.password(),
                                    place(put.basedOn()));
                    case IdentityChange.PutRole put ->
                            new IdentityChange.PutRole(
                                    put.id(), put.name(), put.description(), place(put.basedOn()));
                    case IdentityChange.Remove _,
                            IdentityChange.GrantRole _,
                            IdentityChange.WithdrawRole _,
                            IdentityChange.AddApplicationCredential _,
                            IdentityChange.RemoveApplicationCredential _,
                            IdentityChange.AddEc2Credential _,
                            IdentityChange.RemoveEc2Credential _,
                            IdentityChange.RevokeTokens _ ->
                            change;
                };
        return new Submit(now);
    }

    private long place(long position) throws NotThere {
        return places.apply(position).orElseThrow(() -> new NotThere(position));
    }

    private String name(String key, long position) {
        return rule == MergeRule.ASIDE ? key + ".diverged-" + position : key;
    }

    private Precondition condition(long timeMicros) {
        return switch (rule) {
            case NEWEST -> new Precondition.IfOlder(timeMicros);
            case ABSENT, ASIDE -> new Precondition.IfAbsent();
            case MINE, THEIRS -> Precondition.NONE;
        };
    }

    /** When it was written is when it was acknowledged, and not when it was merged. */
    private static Attributes written(Attributes attributes, long timeMicros) {
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        settings.putIfAbsent(Attributes.ORIGIN, Long.toString(timeMicros));
        return attributes.withSettings(settings);
    }
}
