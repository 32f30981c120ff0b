package io.varve.endpoint.s3;

/** What somebody who can check a signature says of it. */
public sealed interface Vouching {
    /**
     * It is right.
     *
     * @param credential without a secret where whoever vouches keeps it to themselves
     */
    record Vouched(Credential credential) implements Vouching {}

    /** There is no such access key. */
    record UnknownKey() implements Vouching {}

    /** It was made with another secret, or the key may not be used. */
    record WrongSignature() implements Vouching {}
}
