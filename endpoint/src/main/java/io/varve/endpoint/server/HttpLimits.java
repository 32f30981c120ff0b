package io.varve.endpoint.server;

/**
 * What one client may take of the server. Every limit has an answer or closes the connection.
 *
 * @param maxRequestLineBytes longer ones get 414. A 1024-byte key, every byte escaped, in a
 *     presigned URL is about 4 KiB
 * @param maxHeaderBytes all header lines of a request together; more gets 431
 * @param maxHeaderFields more gets 431
 * @param maxBodyBytes the body stream fails with {@code TOO_LARGE} beyond it
 * @param maxConnections further ones get 503, and are not accepted at all when those pile up too
 * @param idleTimeoutMs a connection without a request is closed after it
 * @param headTimeoutMs from the first byte of a request to the end of its header, and for a TLS
 *     handshake; then the connection is closed
 * @param bodyTimeoutMs a body read fails with {@code TIMED_OUT} when nothing comes for this long,
 *     or less than {@code minBodyBytesPerSecond} on average over it
 * @param minBodyBytesPerSecond slower uploads are cut
 * @param writeTimeoutMs a client that takes less than a piece of {@value Wire#PIECE_BYTES} bytes in
 *     this time is disconnected
 */
public record HttpLimits(
        int maxRequestLineBytes,
        int maxHeaderBytes,
        int maxHeaderFields,
        long maxBodyBytes,
        int maxConnections,
        int idleTimeoutMs,
        int headTimeoutMs,
        int bodyTimeoutMs,
        int minBodyBytesPerSecond,
        int writeTimeoutMs) {

    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    16 << 10, 32 << 10, 256, 5L << 30, 4096, 60_000, 20_000, 30_000, 128, 60_000);

    public HttpLimits {
        requirePositive(maxRequestLineBytes, "maxRequestLineBytes");
        requirePositive(maxHeaderBytes, "maxHeaderBytes");
        requirePositive(maxHeaderFields, "maxHeaderFields");
        requirePositive(maxBodyBytes, "maxBodyBytes");
        requirePositive(maxConnections, "maxConnections");
        requirePositive(idleTimeoutMs, "idleTimeoutMs");
        requirePositive(headTimeoutMs, "headTimeoutMs");
        requirePositive(bodyTimeoutMs, "bodyTimeoutMs");
        requirePositive(minBodyBytesPerSecond, "minBodyBytesPerSecond");
        requirePositive(writeTimeoutMs, "writeTimeoutMs");
    }

    public HttpLimits withMaxConnections(int connections) {
        return new HttpLimits(
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaderFields,
                maxBodyBytes,
                connections,
                idleTimeoutMs,
                headTimeoutMs,
                bodyTimeoutMs,
                minBodyBytesPerSecond,
                writeTimeoutMs);
    }

    private static void requirePositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
