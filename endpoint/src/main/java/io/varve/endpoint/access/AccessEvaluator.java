package io.varve.endpoint.access;

import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Decides who may do what. In this order, and the first word counts:
 *
 * <ol>
 *   <li>a policy denies it: no. Except that a bucket's owner may always get at the policy itself,
 *       or one word too many would lock the bucket for good.
 *   <li>the owner of the bucket, or an administrator: yes. Who may only read the owner's account:
 *       yes where that is enough. So for those to whom the account's access lists give as much.
 *   <li>a policy allows it: yes.
 *   <li>an access list of the bucket or the object grants it: yes.
 *   <li>otherwise no.
 * </ol>
 *
 * <p>A statement without principal, which S3 itself does not take, denies everybody, or allows
 * everybody who shows a credential. Objects belong to the owner of their bucket. Safe for use by
 * many threads; parsed policies are kept.
 */
public final class AccessEvaluator {
    private static final Logger LOG = System.getLogger(AccessEvaluator.class.getName());

    /** When there are more, all are dropped and parsed again as they are used. */
    private static final int POLICIES_KEPT_MAX = 1000;

    private static final Set<String> POLICY_ACTIONS =
            Set.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy");

    private final Map<String, BucketPolicy> policies = new ConcurrentHashMap<>();
    private final Function<String, Map<String, String>> accountSettings;

    /**
     * @param accountSettings those of an account by its name, as of now
     */
    public AccessEvaluator(Function<String, Map<String, String>> accountSettings) {
        this.accountSettings = accountSettings;
    }

    /** About a bucket as a whole, or an object that is not there yet. */
    public boolean allows(Bucket bucket, AccessRequest request) {
        return allows(bucket, Optional::empty, request);
    }

    /**
     * About an object.
     *
     * @param object is asked only when nothing else has decided; empty when there is none
     */
    public boolean allows(
            Bucket bucket, Supplier<Optional<ObjectVersion>> object, AccessRequest request) {
        Requester requester = request.requester();
        AccountAccess delegated = delegated(requester, bucket);
        boolean owns = requester.owns(bucket.owner()) || delegated.administers(requester);
        if (owns && POLICY_ACTIONS.contains(request.action())) {
            return true;
        }
        BucketPolicy policy = policyOf(bucket);
        BucketPolicy.Word word = policy.of(request, bucket.name());
        if (word == BucketPolicy.Word.DENIED) {
            return false;
        }
        if (owns
                || (request.need().reads() && requester.reads(bucket.owner()))
                || delegated(delegated, request)) {
            return true;
        }
        PublicAccess rules = PublicAccess.of(bucket.settings());
        if (word == BucketPolicy.Word.ALLOWED && counts(policy, rules, bucket, requester)) {
            return true;
        }
        return listed(bucket, object, rules, request);
    }

    /** Whether the bucket's policy forbids it outright: nobody passes that. */
    public boolean denies(Bucket bucket, AccessRequest request) {
        return policyOf(bucket).of(request, bucket.name()) == BucketPolicy.Word.DENIED;
    }

    /** What the owner's account gives others; nothing where nobody need ask. */
    private AccountAccess delegated(Requester requester, Bucket bucket) {
        return requester.isAnonymous() || requester.owns(bucket.owner())
                ? AccountAccess.NONE
                : AccountAccess.of(accountSettings.apply(bucket.owner()));
    }

    private static boolean delegated(AccountAccess delegated, AccessRequest request) {
        return switch (request.need()) {
            case LIST, READ_OBJECT -> delegated.reads(request.requester());
            case WRITE_OBJECT -> delegated.writes(request.requester());
            // Access lists and settings are the owner's to see.
            case READ_BUCKET_ACL,
                    WRITE_BUCKET_ACL,
                    READ_OBJECT_ACL,
                    WRITE_OBJECT_ACL,
                    OWNER_READ,
                    OWNER_WRITE ->
                    false;
        };
    }

    private static boolean counts(
            BucketPolicy policy, PublicAccess rules, Bucket bucket, Requester requester) {
        return !rules.restrict()
                || !policy.isPublic()
                || bucket.owner().equals(requester.account());
    }

    private static boolean listed(
            Bucket bucket,
            Supplier<Optional<ObjectVersion>> object,
            PublicAccess rules,
            AccessRequest request) {
        AccessList ofBucket = seen(AccessList.of(bucket.settings()), rules);
        if (ofBucket.ofBucketAllows(request.need(), request.requester(), request.referrer())) {
            return true;
        }
        boolean objectsOwn =
                switch (request.need()) {
                    case READ_OBJECT, READ_OBJECT_ACL, WRITE_OBJECT_ACL -> true;
                    case LIST,
                            WRITE_OBJECT,
                            READ_BUCKET_ACL,
                            WRITE_BUCKET_ACL,
                            OWNER_READ,
                            OWNER_WRITE ->
                            false;
                };
        return objectsOwn
                && object.get()
                        .map(o -> seen(AccessList.of(o.attributes().settings()), rules))
                        .filter(o -> o.ofObjectAllows(request.need(), request.requester()))
                        .isPresent();
    }

    private static AccessList seen(AccessList list, PublicAccess rules) {
        return rules.ignoreAcls() ? list.withoutPublic() : list;
    }

    /** The policy of a bucket; an empty one when it has none. */
    public BucketPolicy policyOf(Bucket bucket) {
        String document = bucket.settings().get(BucketPolicy.SETTING);
        if (document == null) {
            return BucketPolicy.EMPTY;
        }
        BucketPolicy policy = policies.get(document);
        return policy == null ? keep(bucket, document) : policy;
    }

    private BucketPolicy keep(Bucket bucket, String document) {
        BucketPolicy policy;
        try {
            policy = BucketPolicy.parse(document);
        } catch (PolicyException e) {
            // It was checked before it was kept, so this is a fault; nobody but the owner passes,
            // and only to the policy itself.
            LOG.log(Level.ERROR, "policy of bucket {0}: {1}", bucket.id(), e.getMessage());
            policy = PolicyReader.DENY_ALL;
        }
        if (policies.size() >= POLICIES_KEPT_MAX) {
            policies.clear();
        }
        policies.put(document, policy);
        return policy;
    }
}
