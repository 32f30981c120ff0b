package io.varve.endpoint.access;

import java.util.List;

/**
 * A bucket policy: statements that allow or deny. Immutable.
 *
 * @param variables whether {@code ${…}} in it stands for facts of the request (Version 2012-10-17)
 */
public record BucketPolicy(boolean variables, List<PolicyStatement> statements) {
    /** The setting of a bucket that keeps the policy, as the client wrote it. */
    public static final String SETTING = "policy";

    /** S3's limit. */
    public static final int SIZE_BYTES_MAX = 20 * 1024;

    static final BucketPolicy EMPTY = new BucketPolicy(false, List.of());

    /** What a policy says of a request. */
    enum Word {
        DENIED,
        ALLOWED,
        NOTHING
    }

    public BucketPolicy {
        statements = List.copyOf(statements);
    }

    /**
     * @throws PolicyException when it is no policy
     */
    public static BucketPolicy parse(String document) throws PolicyException {
        return PolicyReader.read(document);
    }

    /** One denial outweighs whatever allows. */
    Word of(AccessRequest request, String bucket) {
        Word word = Word.NOTHING;
        for (PolicyStatement statement : statements) {
            boolean matters = statement.denies() || word == Word.NOTHING;
            if (matters && statement.applies(request, bucket, variables)) {
                if (statement.denies()) {
                    return Word.DENIED;
                }
                word = Word.ALLOWED;
            }
        }
        return word;
    }

    /** Whether it opens anything to people whom nobody has named. */
    public boolean isPublic() {
        return statements.stream().anyMatch(PolicyStatement::isPublic);
    }
}
