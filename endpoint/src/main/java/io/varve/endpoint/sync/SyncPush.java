package io.varve.endpoint.sync;

import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.sync.SyncConnection.Answer;
import io.varve.endpoint.sync.SyncSource.Header;
import io.varve.endpoint.sync.SyncSource.Outgoing;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

import javax.net.ssl.SSLSocketFactory;

/**
 * Makes one object the same at the other site as it is here now. Whether there is anything to do
 * the other site says: what it has that is as new, or newer, stays. Run by one thread; {@link
 * #abort} by any.
 */
final class SyncPush {
    private static final String TIMESTAMP = "X-Timestamp";

    private final ObjectStore store;
    private final SyncSource source;
    private final SSLSocketFactory tls;
    private final SyncPace pace;
    private final Job job;
    private volatile @Nullable SyncConnection connection;
    private volatile boolean aborted;

    /**
     * @param deletedMicros when it was deleted, should it be gone; {@link SyncedContainer#LIVE}
     *     when nobody has said that it was
     */
    record Job(
            SyncTarget target, String containerKey, long bucketId, String key, long deletedMicros) {
        /** Without the secret, so that it does not get into a log. */
        @Override
        public String toString() {
            return "Job[target=" + target.url() + ", key=" + key + "]";
        }
    }

    /** What came of it. */
    sealed interface Result {
        /** The other site has it as it is here, or has something newer. */
        record Same(boolean sent) implements Result {}

        /** The other site does not take this object. */
        record Refused(int status) implements Result {}

        /** The other site takes nothing at present. */
        record Away(String why) implements Result {}
    }

    SyncPush(ObjectStore store, SyncSource source, SSLSocketFactory tls, SyncPace pace, Job job) {
        this.store = store;
        this.source = source;
        this.tls = tls;
        this.pace = pace;
        this.job = job;
    }

    Job job() {
        return job;
    }

    Result run() {
        try {
            return push();
        } catch (IOException e) {
            return new Result.Away(
                    aborted
                            ? "it took too long"
                            : e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            SyncConnection open = connection;
            if (open != null) {
                open.close();
            }
        }
    }

    void abort() {
        aborted = true;
        SyncConnection open = connection;
        if (open != null) {
            open.abort();
        }
    }

    private Result push() throws IOException {
        Optional<ObjectVersion> current =
                store.view()
                        .latest(job.bucketId(), job.key())
                        .filter(version -> !version.deleteMarker());
        if (current.isEmpty()) {
            return job.deletedMicros() == SyncedContainer.LIVE
                    ? new Result.Same(false)
                    : delete(SyncTime.of(job.deletedMicros()));
        }
        ObjectVersion object = current.get();
        String written = SyncTime.of(object.writtenMicros());
        Answer there = send("HEAD", written, null);
        if (!there.isSuccess() && there.status() != 404) {
            return failed(there);
        }
        OptionalLong thereMicros = SyncTime.micros(there.headers().getOrDefault("x-timestamp", ""));
        if (there.isSuccess()
                && thereMicros.orElse(0) / SyncTime.STEP_MICROS
                        >= object.writtenMicros() / SyncTime.STEP_MICROS) {
            return new Result.Same(false);
        }
        Answer put = send("PUT", written, source.of(object));
        return put.isSuccess() ? new Result.Same(true) : failed(put);
    }

    /** Gone already, or newer there than the delete is: both are as they should be. */
    private Result delete(String deleted) throws IOException {
        Answer answer = send("DELETE", deleted, null);
        boolean settled = answer.status() == 404 || answer.status() == 409;
        return answer.isSuccess() || settled ? new Result.Same(answer.isSuccess()) : failed(answer);
    }

    private static Result failed(Answer answer) {
        return switch (answer.status()) {
            case 400, 409, 411, 412, 413, 422 -> new Result.Refused(answer.status());
            case 401, 403 -> new Result.Away("it does not accept our signature");
            case 404 -> new Result.Away("it has no such container");
            default -> new Result.Away("it answers with status " + answer.status());
        };
    }

    private Answer send(String method, String timestamp, @Nullable Outgoing content)
            throws IOException {
        URI url = job.target().object(job.key());
        String nonce = nonce();
        String signature =
                SyncSignature.of(
                        new SyncSignature.Signed(method, url.getRawPath(), timestamp),
                        nonce,
                        job.target().realmKey(),
                        job.containerKey());
        List<Header> headers = new ArrayList<>();
        headers.add(new Header(TIMESTAMP, timestamp));
        headers.add(
                new Header(
                        "X-Container-Sync-Auth",
                        String.join(" ", job.target().realm(), nonce, signature)));
        headers.add(new Header("User-Agent", "varve-container-sync"));
        return connected().send(method, url, headers, content);
    }

    private SyncConnection connected() throws IOException {
        SyncConnection open = connection;
        if (open != null && open.isReusable()) {
            return open;
        }
        if (open != null) {
            open.close();
        }
        SyncConnection fresh = SyncConnection.open(job.target().url(), tls, pace);
        connection = fresh;
        if (aborted) {
            fresh.abort();
        }
        return fresh;
    }

    private static String nonce() {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
