package io.varve.endpoint.remote;

import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import javax.net.ssl.SSLContext;

/**
 * Speaks HTTP with Keystone. Whatever is not an answer to the question (no connection, too late, an
 * error of the server, a redirect) is the same: Keystone cannot be asked at present. Safe for use
 * by many threads.
 *
 * <p>Of many requests a few go at a time; the others wait, and give up after the same time as an
 * answer may take. When several in a row got no answer, no other is tried for a moment: a dead
 * Keystone must not hold every request of this site for as long as it may take to find out.
 */
final class KeystoneClient implements AutoCloseable {
    private static final int AT_A_TIME_MAX = 32;
    private static final int ANSWER_BYTES_MAX = 1 << 20;
    private static final int FAILURES_MAX = 3;
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final String url;
    private final Duration timeout;
    private final LongSupplier nanos;
    private final HttpClient http;
    private final Semaphore turns = new Semaphore(AT_A_TIME_MAX, true);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong pausedUntilNanos;

    record Reply(int status, byte[] body, HttpResponse<byte[]> http) {
        /** Empty when there is none. */
        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }
    }

    /**
     * @param tls null for the certificates that the Java runtime trusts
     */
    KeystoneClient(String url, Duration timeout, @Nullable SSLContext tls, LongSupplier nanos) {
        this.url = url;
        this.timeout = timeout;
        this.nanos = nanos;
        this.pausedUntilNanos = new AtomicLong(nanos.getAsLong());
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(timeout)
                        // The service's token is for this host, not for whom it names.
                        .followRedirects(HttpClient.Redirect.NEVER);
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
    }

    /**
     * @param path below the URL, from its slash on
     * @param body null for none
     * @throws StoreException when there is no answer to the question
     */
    Reply send(String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(timeout)
                        .header("Accept", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        if (pausedUntilNanos.get() - nanos.getAsLong() > 0) {
            throw unavailable("it did not answer a moment ago", null);
        }
        HttpResponse<byte[]> answer = inTurn(request.build());
        int status = answer.statusCode();
        if (status >= 500 || status == 429 || status / 100 == 3) {
            throw failed("it answered " + status, null);
        }
        failures.set(0);
        return new Reply(status, answer.body(), answer);
    }

    private HttpResponse<byte[]> inTurn(HttpRequest request) {
        try {
            if (!turns.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable("too many questions wait for it", null);
            }
            try {
                return answer(request);
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted", e);
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> future =
                http.sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            // The request's own timeout ends with the headers; this one covers the body.
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException) {
                throw failed(cause.toString(), cause);
            }
            throw new IllegalStateException("the HTTP client failed", e);
        } finally {
            // Does nothing to one that is done.
            boolean _ = future.cancel(true);
        }
    }

    private StoreException failed(String why, @Nullable Throwable cause) {
        if (failures.incrementAndGet() >= FAILURES_MAX) {
            pausedUntilNanos.set(nanos.getAsLong() + PAUSE_NANOS);
        }
        return unavailable(why, cause);
    }

    static StoreException unavailable(String why, @Nullable Throwable cause) {
        return new StoreException(Category.UNAVAILABLE, "Keystone cannot be asked: " + why, cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
