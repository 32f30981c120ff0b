package io.varve.endpoint.s3;

import io.varve.projections.KeyOrder;
import io.varve.projections.namespace.DiffPage;
import io.varve.projections.namespace.DiffQuery;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The differences that one request brings back, read page by page while those of the page before
 * are already on their way. It ends after so many of them, or where the bucket turns out to have
 * changed since a moment. Owned by one request.
 */
final class RestoredStretch implements Iterator<DiffPage.Difference> {
    private static final int DIFFERENCES_MAX = 20_000;
    private static final int KEYS_MAX = 200_000;
    private static final int DIFFERENCES_PER_PAGE = 1000;
    private static final int KEYS_PER_PAGE = 20_000;

    private final NamespaceView view;
    private final DiffQuery query;
    private final @Nullable Moment since;

    private Iterator<DiffPage.Difference> page;
    private @Nullable String next;
    private @Nullable String reached;
    private boolean ended;
    private long differences;
    private long keys;
    private long same;

    /**
     * @param view of the moment that differences start from
     * @param since nothing may have changed from then on; null when it may
     * @throws S3Refusal when something has, in the first piece of the stretch
     */
    RestoredStretch(
            NamespaceView view,
            DiffQuery.Side from,
            DiffQuery.Side to,
            String prefix,
            @Nullable String after,
            @Nullable Moment since) {
        this.view = view;
        this.since = since;
        this.query = new DiffQuery(from, to, prefix, after, DIFFERENCES_PER_PAGE, KEYS_PER_PAGE);
        DiffPage first = view.diff(query);
        if (since != null && changed(since, after, first.next())) {
            throw S3Error.PRECONDITION_FAILED.refusal(
                    "The bucket has changed since position " + since.position() + ".");
        }
        page = take(first);
    }

    private Iterator<DiffPage.Difference> take(DiffPage taken) {
        same += taken.sameCount();
        differences += taken.differences().size();
        keys += taken.differences().size() + taken.sameCount();
        next = taken.next();
        reached = next;
        return taken.differences().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !ended) {
            turn();
        }
        return page.hasNext();
    }

    private void turn() {
        String after = next;
        if (after == null || differences >= DIFFERENCES_MAX || keys >= KEYS_MAX) {
            ended = true;
            return;
        }
        DiffPage following = view.diff(query.after(after));
        if (since != null && changed(since, after, following.next())) {
            // The request that goes on from here will be told.
            ended = true;
            return;
        }
        page = take(following);
    }

    @Override
    public DiffPage.Difference next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }

    /** Keys that read the same already. */
    long sameCount() {
        return same;
    }

    /** Behind which key there is more to do; null when there is not. Once it has ended. */
    @Nullable String resumeAfter() {
        return reached;
    }

    /** Whether anything in a stretch of keys is not as it was at a moment. */
    private boolean changed(Moment then, @Nullable String after, @Nullable String end) {
        DiffQuery.Side now = query.from();
        DiffQuery.Side before = new DiffQuery.Side(now.bucketId(), then);
        String from = after;
        while (true) {
            DiffPage piece =
                    view.diff(new DiffQuery(before, now, query.prefix(), from, 1, KEYS_PER_PAGE));
            if (!piece.differences().isEmpty()) {
                String key = piece.differences().getFirst().key();
                return end == null || compare(key, end) <= 0;
            }
            from = piece.next();
            if (from == null || (end != null && compare(from, end) >= 0)) {
                return false;
            }
        }
    }

    private static int compare(String a, String b) {
        return KeyOrder.BYTES.compare(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
