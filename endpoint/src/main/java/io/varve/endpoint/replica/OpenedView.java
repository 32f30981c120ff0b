package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.RangeDigest;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.RowDigest;
import io.varve.dr.replica.ViewRanges;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.site.SiteReplica;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewSnapshot;

import org.jspecify.annotations.Nullable;

import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * This site's view at one position, kept open for the other one, which reads it range by range. One
 * at a time; it is let go of when nobody has asked for a while. Safe for use by many threads;
 * questions wait for each other.
 */
final class OpenedView implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final SiteReplica site;
    private @Nullable ViewSnapshot snapshot;
    private String session = "";
    private long askedNanos;
    private boolean closed;

    OpenedView(SiteReplica site) {
        this.site = site;
    }

    /** Opens it as it is now, in place of what was open before. */
    synchronized ObjectNode open() {
        letGo();
        if (closed) {
            throw new ReplicaException("the site is being closed");
        }
        ViewSnapshot now = site.viewSnapshot();
        snapshot = now;
        session = UUID.randomUUID().toString();
        askedNanos = System.nanoTime();
        Checkpoint at = Checkpoint.read(now);
        ObjectNode document = Json.object();
        document.put("session", session);
        document.put("position", at.position()).put("digest", at.digest().toString());
        return document;
    }

    private ViewSnapshot of(String asked) {
        ViewSnapshot open = snapshot;
        if (open == null || !session.equals(asked)) {
            throw new ReplicaException("that view is not open any more");
        }
        askedNanos = System.nanoTime();
        return open;
    }

    synchronized ObjectNode ranges(String asked, String from) {
        ObjectNode document = Json.object();
        ArrayNode ranges = document.putArray("ranges");
        for (RangeDigest range : ViewRanges.next(of(asked), from)) {
            ObjectNode told = ranges.addObject();
            told.put("from", range.from()).put("to", range.to());
            told.put("rows", range.rows()).put("digest", range.digest());
        }
        return document;
    }

    synchronized ObjectNode rows(String asked, String from, String to) {
        ObjectNode document = Json.object();
        ArrayNode rows = document.putArray("rows");
        for (RowDigest row : ViewRanges.rows(of(asked), new RangeDigest(from, to, 0, ""))) {
            rows.addObject().put("key", row.key()).put("digest", row.digest());
        }
        return document;
    }

    synchronized ObjectNode end(String asked) {
        if (session.equals(asked)) {
            letGo();
        }
        return Json.object();
    }

    /** Lets go of a view that nobody has asked for in a while. */
    synchronized void tidy() {
        if (System.nanoTime() - askedNanos > PATIENCE_NANOS) {
            letGo();
        }
    }

    private void letGo() {
        ViewSnapshot open = snapshot;
        snapshot = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        letGo();
    }
}
