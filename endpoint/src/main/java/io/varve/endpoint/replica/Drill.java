package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.Lag;
import io.varve.dr.replica.ReplicaException;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.site.Rehearsal;
import io.varve.endpoint.site.SiteReplica;
import io.varve.endpoint.tls.PrivateFile;
import io.varve.journal.record.BlobRef;
import io.varve.projections.namespace.BlobReferences;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Rehearses a failover at a standby: what would be lost if the primary were lost now, how long a
 * takeover takes, measured on a copy, and whether blobs can be read. One drill at a time, on a
 * thread of its own; the primary, and what this site has, are only read. Safe for use by many
 * threads.
 */
final class Drill implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Drill.class.getName());
    private static final String DIRECTORY = "drills";
    private static final String SCRATCH = "drill-scratch";
    private static final int SAMPLE = 1_000;
    private static final int ROWS_PER_STEP = 1_024;
    private static final int STEPS_MAX = 1_000;

    private final SiteReplica site;
    private boolean running;
    private String failure = "";
    private ObjectNode report = Json.object();
    private @Nullable Thread thread;
    private volatile boolean closing;

    Drill(SiteReplica site) {
        this.site = site;
    }

    /**
     * @throws ReplicaException when one is under way
     */
    synchronized void start(Supplier<Lag> lag) {
        if (running) {
            throw new ReplicaException("a drill is under way");
        }
        running = true;
        failure = "";
        report = Json.object();
        thread = Thread.ofPlatform().name("varve-drill").daemon().start(() -> run(lag));
    }

    private void run(Supplier<Lag> lag) {
        String reason = "";
        ObjectNode made = Json.object();
        try {
            made = rehearse(lag);
        } catch (IOException | RuntimeException e) {
            reason = String.valueOf(e.getMessage());
            LOG.log(System.Logger.Level.WARNING, "the drill came to nothing: {0}", reason);
            LOG.log(System.Logger.Level.DEBUG, reason, e);
        }
        synchronized (this) {
            running = false;
            failure = reason;
            report = made;
        }
    }

    private ObjectNode rehearse(Supplier<Lag> lag) throws IOException {
        Instant began = Instant.now();
        Lag now = lag.get();
        ObjectNode told = Json.object();
        told.put("began", began.toString());
        ObjectNode rpo = told.putObject("achieved_rpo");
        rpo.put("records", now.records()).put("bytes", now.bytes());
        long ageNanos = now.ageNanos(System.nanoTime());
        rpo.put("seconds", ageNanos < 0 ? -1 : ageNanos / 1e9);
        Rehearsal.Result result = site.rehearse(site.directory().resolve(SCRATCH), () -> closing);
        told.put("achieved_rto_ms", result.takeoverMs());
        told.put("position", result.position()).put("copy_ms", result.copyMs());
        told.put("same_as_standby", result.same());
        int bad = sample(told);
        told.put("passed", result.same() && bad == 0 && now.contact());
        Path directory = Files.createDirectories(site.directory().resolve(DIRECTORY));
        Path file = directory.resolve("drill-" + began.toEpochMilli() + ".json");
        told.put("file", file.toString());
        PrivateFile.write(file, new String(Json.write(told), StandardCharsets.UTF_8) + "\n");
        return told;
    }

    /** Reads some blobs, chosen at random among the first million rows or so. */
    private int sample(ObjectNode told) {
        List<BlobRef> chosen = new ArrayList<>();
        Random random = new Random();
        long[] seen = {0};
        BlobReferences.Visitor visitor =
                new BlobReferences.Visitor() {
                    @Override
                    public void needed(BlobRef blob) {
                        seen[0]++;
                        if (chosen.size() < SAMPLE) {
                            chosen.add(blob);
                        } else if (random.nextLong(seen[0]) < SAMPLE) {
                            chosen.set(random.nextInt(SAMPLE), blob);
                        }
                    }

                    @Override
                    public void released(BlobRef blob) {
                        // Nobody can read it any more.
                    }
                };
        try (BlobReferences references = site.references()) {
            int steps = 0;
            while (references.advance(ROWS_PER_STEP, visitor) && ++steps < STEPS_MAX) {
                if (closing) {
                    throw new ReplicaException("the drill was ended");
                }
            }
        }
        int bad = 0;
        for (BlobRef blob : chosen) {
            bad += site.check(blob) == SiteReplica.BlobCheck.GOOD ? 0 : 1;
        }
        told.put("blobs_read", chosen.size()).put("blobs_bad", bad);
        return bad;
    }

    synchronized ObjectNode document() {
        ObjectNode document = Json.object();
        document.put("running", running);
        document.put("failure", failure);
        document.set("report", report);
        return document;
    }

    @Override
    public void close() {
        Thread current;
        synchronized (this) {
            closing = true;
            current = thread;
        }
        if (current != null) {
            try {
                current.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
