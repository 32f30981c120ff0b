package io.varve.endpoint.server;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Carries the requests of one HTTP/1 connection, one after the other. Owned by its virtual thread;
 * only {@link #close} is called by others.
 *
 * <p>Invariant: the next request is parsed only where the last one's body ended. When that place is
 * not reached (unread body, broken framing) the connection ends.
 */
final class Http1Connection implements ServerConnection {
    private static final System.Logger LOG = System.getLogger(Http1Connection.class.getName());

    private final TrackedConnection tracked;
    private final Wire wire;
    private final ListenerContext listener;
    private final ReceiveBuffer buffer = new ReceiveBuffer();
    private final RequestHeadReader heads;

    private volatile boolean idle = true;
    private volatile boolean stopping;

    Http1Connection(TrackedConnection tracked, Wire wire, ListenerContext listener) {
        this.tracked = tracked;
        this.wire = wire;
        this.listener = listener;
        this.heads = new RequestHeadReader(buffer, listener.limits(), this::begun);
    }

    @Override
    public void handle(Limit limit) {
        try {
            if (serve()) {
                wire.linger();
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "the connection broke", e);
        } finally {
            listener.connections().ended(tracked);
        }
    }

    /** Whether the client is still there and has to be told of the end. */
    private boolean serve() throws IOException {
        boolean more = true;
        while (more) {
            awaitRequest();
            if (stopping || listener.stopping()) {
                return true;
            }
            RequestHead head;
            try {
                head = heads.next(wire::read);
            } catch (BadRequest e) {
                refuse(e.status(), e.getMessage());
                return true;
            }
            if (head == null) {
                return false;
            }
            if (tracked.overLimit()) {
                refuse(503, "too many connections");
                return true;
            }
            tracked.noDeadline();
            more = exchange(head);
        }
        return true;
    }

    private void awaitRequest() throws IOException {
        tracked.readTimeout(0);
        tracked.deadlineIn(listener.limits().idleTimeoutMs());
        // Before `stopping` is looked at: close() looks at them in the other order.
        idle = true;
    }

    private void begun() {
        idle = false;
        tracked.deadlineIn(listener.limits().headTimeoutMs());
    }

    /** One request; whether another may follow. */
    private boolean exchange(RequestHead head) throws IOException {
        long startNanos = System.nanoTime();
        long writtenBefore = wire.bytesWritten();
        boolean waits = head.expectsContinue() && head.hasBody() && buffer.available() == 0;
        BodySource source = new BodySource(wire, listener.limits(), waits);
        if (head.expectsContinue() && !head.hasBody()) {
            // There is nothing to wait for, but botocore (aws, boto3) takes a final answer in place
            // of the interim one for that of the next request too, and then hangs.
            source.sendContinue();
        }
        Http1Request request = listener.request(head, body(head, source), tracked.remote());
        Answer answer = new Answer();
        listener.inFlight().incrementAndGet();
        try {
            return answer(request, source, answer);
        } finally {
            listener.inFlight().decrementAndGet();
            listener.observer()
                    .completed(
                            new ExchangeObserver.Exchange(
                                    request,
                                    answer.status,
                                    answer.complete,
                                    request.requestBody().received(),
                                    wire.bytesWritten() - writtenBefore,
                                    System.nanoTime() - startNanos));
        }
    }

    /** What the observer is told, as far as it came. */
    private static final class Answer {
        private int status;
        private boolean complete;
    }

    private RequestBody body(RequestHead head, BodySource source) {
        long maxBytes = listener.limits().maxBodyBytes();
        if (head.chunked()) {
            return new ChunkedBody(buffer, source, maxBytes);
        }
        return head.contentLength() > 0
                ? new FixedLengthBody(buffer, source, head.contentLength(), maxBytes)
                : new EmptyBody();
    }

    private boolean answer(Http1Request request, BodySource source, Answer answer)
            throws IOException {
        HttpResponse response = handlerResponse(request);
        if (response == null) {
            return false;
        }
        UnreadBody unread = UnreadBody.of(request.requestBody(), source);
        boolean close =
                response.close()
                        || request.head().clientCloses()
                        || stopping
                        || listener.stopping()
                        || unread == UnreadBody.ABANDON;
        answer.status = response.status();
        if (!write(request, response, close, answer)) {
            return false;
        }
        answer.complete = true;
        if (!close && unread == UnreadBody.SKIP) {
            return skip(request.requestBody());
        }
        return !close;
    }

    /** The handler's answer, or one for its failure; null when nobody is there to be answered. */
    private @Nullable HttpResponse handlerResponse(Http1Request request) {
        try {
            return listener.handler().handle(request);
        } catch (BodyException e) {
            return switch (e.reason()) {
                case DISCONNECTED -> null;
                case TIMED_OUT -> bare(408, "the body came too slowly: " + e.getMessage());
                case TOO_LARGE -> bare(413, e.getMessage());
                case MALFORMED -> bare(400, e.getMessage());
            };
        } catch (IOException | RuntimeException | Error e) {
            LOG.log(Level.ERROR, "request " + request.id() + " failed in its handler", e);
            return bare(500, "internal error, request " + request.id());
        }
    }

    private boolean write(Http1Request request, HttpResponse response, boolean close, Answer answer)
            throws IOException {
        long before = wire.bytesWritten();
        try {
            ResponseWriter.write(wire, request.head(), response, close);
            return true;
        } catch (DisconnectedException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            LOG.log(Level.ERROR, "request " + request.id() + " failed in its response", e);
            if (wire.bytesWritten() > before) {
                // Part of the body is out; only a broken connection says that it is not the whole.
                tracked.reset();
                return false;
            }
            HttpResponse failure = bare(500, "internal error, request " + request.id());
            answer.status = failure.status();
            ResponseWriter.write(wire, request.head(), failure, true);
            answer.complete = true;
            wire.linger();
            return false;
        }
    }

    private static boolean skip(RequestBody body) throws IOException {
        byte[] dropped = new byte[4 << 10];
        while (!body.ended()) {
            if (body.read(dropped, 0, dropped.length) < 0 && !body.ended()) {
                return false;
            }
        }
        return true;
    }

    private void refuse(int status, @Nullable String reason) throws IOException {
        String text = reason == null ? "" : reason;
        listener.observer().refused(tracked.remote(), status, text);
        ResponseWriter.write(wire, UNPARSED, bare(status, text), true);
    }

    /** Stands for the head of a request that has none that can be read. */
    private static final RequestHead UNPARSED =
            new RequestHead(
                    "-", "-", "", "", HttpHeaders.EMPTY, true, -1, false, false, true, true);

    private static HttpResponse bare(int status, @Nullable String text) {
        HttpResponse.Builder response =
                HttpResponse.status(status)
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .closeConnection();
        if (status == 503) {
            response.header("Retry-After", "1");
        }
        return response.body((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The server asks its own timer for idle connections: here the tracked deadline does that. */
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    /** No further request is taken; one in flight is finished unless interrupted. */
    @Override
    public void close(boolean interrupt) {
        stopping = true;
        if (interrupt || idle) {
            tracked.close();
        }
    }

    /** What becomes of the part of a body that the handler has not read. */
    private enum UnreadBody {
        /** There is none. */
        NONE,
        /** Little enough to be read and dropped, so that the connection can go on. */
        SKIP,
        /** Too much, or of unknown length, or perhaps never sent: the connection ends. */
        ABANDON;

        private static final int SKIP_MAX_BYTES = 64 << 10;

        static UnreadBody of(RequestBody body, BodySource source) {
            if (body.ended()) {
                return NONE;
            }
            boolean little = body.remaining() >= 0 && body.remaining() <= SKIP_MAX_BYTES;
            return little && !source.continueDue() ? SKIP : ABANDON;
        }
    }
}
