package io.varve.endpoint.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a request's body off the wire: sends the interim answer the client waits for, and fails
 * when the client is too slow. Time that the handler takes does not count. Owned by the
 * connection's thread; one for each request.
 */
final class BodySource implements ReceiveBuffer.Source {
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final HttpLimits limits;
    private boolean continueDue;

    private long windowNanos;
    private long windowBytes;

    /**
     * @param continueDue whether the client waits for an interim answer before it sends
     */
    BodySource(Wire wire, HttpLimits limits, boolean continueDue) {
        this.wire = wire;
        this.limits = limits;
        this.continueDue = continueDue;
    }

    /**
     * Whether the client may still hold its body back: then nothing can follow on the connection.
     */
    boolean continueDue() {
        return continueDue;
    }

    /** Lets the client send what it holds back. */
    void sendContinue() throws IOException {
        continueDue = false;
        wire.write(CONTINUE, 0, CONTINUE.length);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (continueDue) {
            sendContinue();
        }
        wire.connection().readTimeout(limits.bodyTimeoutMs());
        // Behind the read timeout: TLS counts it for each piece of a record.
        wire.connection().deadlineIn(2 * limits.bodyTimeoutMs());
        long before = System.nanoTime();
        try {
            int count = wire.read(into, offset, length);
            checkPace(System.nanoTime() - before, count);
            return count;
        } catch (SocketTimeoutException _) {
            throw timedOut("nothing came for " + limits.bodyTimeoutMs() + " ms");
        } catch (BodyException e) {
            throw e;
        } catch (IOException e) {
            BodyException gone = RequestBody.disconnected("the connection broke");
            gone.initCause(e);
            throw gone;
        } finally {
            wire.connection().noDeadline();
        }
    }

    private void checkPace(long waitedNanos, int count) throws BodyException {
        windowNanos += waitedNanos;
        windowBytes += Math.max(count, 0);
        long windowMs = windowNanos / 1_000_000;
        if (windowMs < limits.bodyTimeoutMs()) {
            return;
        }
        if (windowBytes * 1000 < windowMs * limits.minBodyBytesPerSecond()) {
            throw timedOut(windowBytes + " bytes came in " + windowMs + " ms");
        }
        windowNanos = 0;
        windowBytes = 0;
    }

    private static BodyException timedOut(String message) {
        return new BodyException(BodyException.Reason.TIMED_OUT, message);
    }
}
