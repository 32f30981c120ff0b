package io.varve.endpoint.link;

import io.varve.endpoint.link.LinkException.Reason;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Follows links. Safe for use by many threads. */
public final class Links {
    /** How many links in a row are followed. */
    public static final int MAX_STEPS = 2;

    private final ObjectStore store;

    public Links(ObjectStore store) {
        this.store = store;
    }

    /** Says what the reader may see: each target is asked for, not the link alone. */
    @FunctionalInterface
    public interface Reader {
        /**
         * @param object empty when there is none of that key: the answer must not depend on it
         */
        boolean mayRead(Bucket bucket, String key, Optional<ObjectVersion> object);
    }

    /**
     * Where following ended.
     *
     * @param last the link that led there; null when the object was none
     */
    public record Found(Bucket bucket, ObjectVersion object, @Nullable LinkStep last) {}

    /**
     * Follows a link to the object that it stands for; what is no link stands for itself.
     *
     * @param bucket the one that the object is in
     * @throws LinkException when that cannot be read
     */
    public Found follow(Bucket bucket, ObjectVersion object, Reader reader) {
        return follow(new Found(bucket, object, null), reader, true);
    }

    /**
     * What a link with an ETag would lead to, if it were made: other such links are followed, while
     * a link without is the target itself.
     *
     * @param account that the link would be in
     */
    public Found target(String account, SymbolicLink link, Reader reader) {
        return follow(step(account, link, reader), reader, false);
    }

    private Found follow(Found start, Reader reader, boolean all) {
        Found at = start;
        for (int steps = 0; ; steps++) {
            Optional<SymbolicLink> next = SymbolicLink.of(at.object());
            if (next.isEmpty() || !(all || next.get().isStatic())) {
                requireUnchanged(at, at.object().etag());
                return at;
            }
            SymbolicLink link = next.get();
            requireUnchanged(at, link.etag() == null ? at.object().etag() : link.etag());
            if (steps >= MAX_STEPS) {
                throw new LinkException(
                        Reason.TOO_MANY,
                        new LinkStep(at.bucket().owner(), link),
                        "Too many levels of symbolic links, maximum allowed is " + MAX_STEPS);
            }
            at = step(at.bucket().owner(), link, reader);
        }
    }

    private static void requireUnchanged(Found at, String etag) {
        LinkStep last = at.last();
        String wanted = last == null ? null : last.link().etag();
        if (last == null || wanted == null || wanted.equals(etag)) {
            return;
        }
        String message =
                SymbolicLink.of(at.object()).filter(SymbolicLink::isStatic).isPresent()
                        ? "X-Symlink-Target-Etag headers do not match"
                        : "Object Etag '%s' does not match X-Symlink-Target-Etag header '%s'"
                                .formatted(etag, wanted);
        throw new LinkException(Reason.CHANGED, last, message);
    }

    private Found step(String ownAccount, SymbolicLink link, Reader reader) {
        String account = link.account() == null ? ownAccount : link.account();
        LinkStep step = new LinkStep(account, link);
        Bucket bucket =
                store.bucket(account, link.bucket())
                        .filter(found -> found.owner().equals(account))
                        .orElseThrow(() -> gone(step));
        Optional<ObjectVersion> object =
                store.view()
                        .latest(bucket.id(), link.key())
                        .filter(version -> !version.deleteMarker());
        if (!reader.mayRead(bucket, link.key(), object)) {
            throw new LinkException(Reason.DENIED, step, "may not be read: " + link.written());
        }
        return new Found(bucket, object.orElseThrow(() -> gone(step)), step);
    }

    private static LinkException gone(LinkStep step) {
        return new LinkException(Reason.GONE, step, "gone: " + step.link().written());
    }
}
