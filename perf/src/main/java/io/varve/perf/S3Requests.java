package io.varve.perf;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import java.util.function.LongFunction;

/** The canonical requests, signed, against one bucket of one endpoint. Single-threaded. */
final class S3Requests {
    /** Signatures are for a moment; renewed well before a server finds them too old. */
    private static final long RENEW_AFTER_MS = 5 * 60_000L;

    private final String accessKey;
    private final String secretKey;
    private final String host;
    private final String bucket;

    private SigV4 signer;
    private long signerMadeMs;

    S3Requests(InetSocketAddress endpoint, String accessKey, String secretKey, String bucket) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.host = endpoint.getHostString() + ":" + endpoint.getPort();
        this.bucket = bucket;
        this.signer = new SigV4(accessKey, secretKey, host, Instant.now());
        this.signerMadeMs = System.currentTimeMillis();
    }

    static String key(long number) {
        return "o/%010d".formatted(number);
    }

    RequestSource createBucket() {
        byte[] head = head("PUT", "/" + bucket, "", SigV4.EMPTY_SHA256, 0);
        return RequestSource.repeating(200, head);
    }

    /** PUTs of one body under the keys firstKey, firstKey + 1, … */
    RequestSource puts(long firstKey, ByteBuffer body) {
        return puts(firstKey, 1, body);
    }

    /** The same, under every key of a step. */
    RequestSource puts(long firstKey, int step, ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(body.position(), bytes);
        String sha256 = SigV4.sha256(bytes);
        int length = bytes.length;
        return numbered(
                200, body, i -> head("PUT", path(key(firstKey + i * step)), "", sha256, length));
    }

    /** GETs of keys chosen at random, by seed, among the first {@code count}. */
    RequestSource gets(long count, long seed) {
        return gets(count, 1, seed);
    }

    /** GETs of keys chosen at random, by seed, among 0, stride, …, (count - 1) * stride. */
    RequestSource gets(long count, long stride, long seed) {
        Random random = new Random(seed);
        return numbered(200, null, _ -> get(random.nextLong(count) * stride));
    }

    /** GETs of the keys 0, stride, 2 * stride, … */
    RequestSource getsInTurn(long stride) {
        return numbered(200, null, i -> get(i * stride));
    }

    private byte[] get(long number) {
        return head("GET", path(key(number)), "", SigV4.EMPTY_SHA256, -1);
    }

    /** Pages of 1,000 keys that begin at keys chosen at random, by seed. */
    RequestSource lists(long count, long seed) {
        Random random = new Random(seed);
        return numbered(
                200,
                null,
                _ -> {
                    String after = key(random.nextLong(Math.max(1, count - 1_000)));
                    String query = "list-type=2&start-after=" + SigV4.encode(after);
                    return head("GET", "/" + bucket, query, SigV4.EMPTY_SHA256, -1);
                });
    }

    /**
     * Prepares requests ahead, in memory, so that a measurement does not pay for their signatures.
     */
    static RequestSource prepared(RequestSource source, int count) {
        ByteBuffer[][] requests = new ByteBuffer[count][];
        for (int i = 0; i < count; i++) {
            requests[i] = source.next();
        }
        return new RequestSource() {
            private int index;

            @Override
            public ByteBuffer[] next() {
                // Past those prepared, a load pays for its own signatures again.
                return index < count ? requests[index++] : source.next();
            }

            @Override
            public int expectedStatus() {
                return source.expectedStatus();
            }
        };
    }

    static RequestSource numbered(
            int expectedStatus, @Nullable ByteBuffer body, LongFunction<byte[]> heads) {
        return new RequestSource() {
            private long index;

            @Override
            public ByteBuffer[] next() {
                ByteBuffer head = ByteBuffer.wrap(heads.apply(index++));
                return body == null
                        ? new ByteBuffer[] {head}
                        : new ByteBuffer[] {head, body.duplicate()};
            }

            @Override
            public int expectedStatus() {
                return expectedStatus;
            }
        };
    }

    private String path(String key) {
        return "/" + bucket + "/" + key;
    }

    private byte[] head(String method, String path, String query, String sha256, long length) {
        long now = System.currentTimeMillis();
        if (now - signerMadeMs > RENEW_AFTER_MS) {
            signer = new SigV4(accessKey, secretKey, host, Instant.ofEpochMilli(now));
            signerMadeMs = now;
        }
        return signer.head(method, path, query, sha256, length);
    }
}
