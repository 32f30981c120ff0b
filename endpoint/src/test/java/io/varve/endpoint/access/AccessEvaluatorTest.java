package io.varve.endpoint.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

class AccessEvaluatorTest {
    private static final Requester OWNER = of("alice", "member");
    private static final Requester READER = of("alice", "reader");
    private static final Requester GUEST = of("alice", "guest");
    private static final Requester OTHER = of("bob", "member");
    private static final Requester ADMIN = of("ops", "admin");
    private static final String DENY_DELETE =
            """
            {"Statement": {"Effect": "Deny", "Action": ["s3:Delete*", "s3:*Policy"],
             "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}}\
            """;
    private static final String ALLOW_READ =
            """
            {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
             "Resource": "arn:aws:s3:::b/*"}}\
            """;

    private final AccessEvaluator evaluator = new AccessEvaluator(_ -> Map.of());

    private static Requester of(String account, String role) {
        return new Requester(account, null, "user-of-" + account, null, Set.of(role));
    }

    private static Bucket bucket(Map<String, String> settings) {
        return new Bucket(1, "b", "alice", 0, Versioning.OFF, 0, 0, new TreeMap<>(settings));
    }

    private static AccessRequest request(Requester who, String action, AccessNeed need) {
        String key = need == AccessNeed.OWNER_WRITE || need == AccessNeed.LIST ? null : "k";
        return new AccessRequest(who, action, need, key, null, RequestFacts.NONE);
    }

    private boolean allows(Bucket bucket, Requester who, String action, AccessNeed need) {
        return evaluator.allows(bucket, request(who, action, need));
    }

    private static Optional<ObjectVersion> object(AccessList acl) {
        Attributes attributes =
                Attributes.NONE.withSettings(
                        new TreeMap<>(Map.of(AccessList.SETTING, acl.encode())));
        return Optional.of(
                new ObjectVersion(1, "k", 2, true, false, 0, 0, "", 0, attributes, List.of()));
    }

    @Test
    void letsTheOwnerDoAllAndTheReaderLook() {
        Bucket bucket = bucket(Map.of());
        assertTrue(allows(bucket, OWNER, "s3:PutObject", AccessNeed.WRITE_OBJECT));
        assertTrue(allows(bucket, ADMIN, "s3:PutObject", AccessNeed.WRITE_OBJECT));
        assertTrue(allows(bucket, READER, "s3:GetObject", AccessNeed.READ_OBJECT));
        assertTrue(allows(bucket, READER, "s3:GetBucketCORS", AccessNeed.OWNER_READ));
        assertFalse(allows(bucket, READER, "s3:PutObject", AccessNeed.WRITE_OBJECT));
        assertFalse(allows(bucket, GUEST, "s3:GetObject", AccessNeed.READ_OBJECT));
        assertFalse(allows(bucket, OTHER, "s3:GetObject", AccessNeed.READ_OBJECT));
        assertFalse(allows(bucket, Requester.ANONYMOUS, "s3:GetObject", AccessNeed.READ_OBJECT));
    }

    @Test
    void deniesTheOwnerToo() {
        Bucket bucket = bucket(Map.of(BucketPolicy.SETTING, DENY_DELETE));
        for (Requester who : List.of(OWNER, ADMIN, OTHER)) {
            assertFalse(allows(bucket, who, "s3:DeleteObject", AccessNeed.WRITE_OBJECT));
        }
        assertTrue(allows(bucket, OWNER, "s3:PutObject", AccessNeed.WRITE_OBJECT));
    }

    @Test
    void neverLocksTheOwnerOutOfThePolicy() {
        Bucket bucket = bucket(Map.of(BucketPolicy.SETTING, DENY_DELETE));
        assertTrue(allows(bucket, OWNER, "s3:DeleteBucketPolicy", AccessNeed.OWNER_WRITE));
        assertTrue(allows(bucket, ADMIN, "s3:PutBucketPolicy", AccessNeed.OWNER_WRITE));
        assertFalse(allows(bucket, READER, "s3:GetBucketPolicy", AccessNeed.OWNER_READ));
    }

    @Test
    void keepsEverybodyOutWhileThePolicyCannotBeRead() {
        Bucket bucket = bucket(Map.of(BucketPolicy.SETTING, "broken"));
        assertFalse(allows(bucket, OWNER, "s3:GetObject", AccessNeed.READ_OBJECT));
        assertTrue(allows(bucket, OWNER, "s3:PutBucketPolicy", AccessNeed.OWNER_WRITE));
    }

    @Test
    void asksForTheObjectOnlyWhenNothingElseDecides() {
        Bucket bucket = bucket(Map.of(BucketPolicy.SETTING, ALLOW_READ));
        AccessRequest get = request(Requester.ANONYMOUS, "s3:GetObject", AccessNeed.READ_OBJECT);
        assertTrue(
                evaluator.allows(
                        bucket,
                        () -> {
                            throw new AssertionError("asked in vain");
                        },
                        get));
        AccessList open = AccessList.ofGrants(CannedAccess.PUBLIC_READ.grants());
        assertTrue(evaluator.allows(bucket(Map.of()), () -> object(open), get));
        assertFalse(evaluator.allows(bucket(Map.of()), () -> object(AccessList.PRIVATE), get));
        assertFalse(evaluator.allows(bucket(Map.of()), Optional::empty, get));
    }

    @ParameterizedTest
    @CsvSource({
        "private,false,false,false",
        "public-read,true,false,true",
        "public-read-write,true,true,true",
        "authenticated-read,false,false,true"
    })
    void followsTheCannedAclOfABucket(
            String canned, boolean anonymousLists, boolean otherWrites, boolean otherLists) {
        AccessList acl = AccessList.ofGrants(CannedAccess.named(canned).orElseThrow().grants());
        Bucket bucket = bucket(Map.of(AccessList.SETTING, acl.encode()));
        assertEquals(
                anonymousLists,
                allows(bucket, Requester.ANONYMOUS, "s3:ListBucket", AccessNeed.LIST));
        assertEquals(otherWrites, allows(bucket, OTHER, "s3:PutObject", AccessNeed.WRITE_OBJECT));
        assertEquals(otherLists, allows(bucket, OTHER, "s3:ListBucket", AccessNeed.LIST));
        assertFalse(allows(bucket, OTHER, "s3:DeleteBucket", AccessNeed.OWNER_WRITE));
    }

    @Test
    void ignoresWhatIsOpenToAnybodyWhenToldSo() {
        AccessList acl = AccessList.ofGrants(CannedAccess.PUBLIC_READ.grants());
        String rules = new PublicAccess(false, true, false, true).encode();
        Bucket bucket =
                bucket(
                        Map.of(
                                AccessList.SETTING, acl.encode(),
                                BucketPolicy.SETTING, ALLOW_READ,
                                PublicAccess.SETTING, rules));
        assertFalse(allows(bucket, OTHER, "s3:ListBucket", AccessNeed.LIST));
        assertFalse(allows(bucket, OTHER, "s3:GetObject", AccessNeed.READ_OBJECT));
        assertTrue(allows(bucket, GUEST, "s3:GetObject", AccessNeed.READ_OBJECT));
        assertEquals(
                new PublicAccess(true, false, true, false),
                PublicAccess.of(
                        Map.of(
                                PublicAccess.SETTING,
                                new PublicAccess(true, false, true, false).encode())));
    }
}
