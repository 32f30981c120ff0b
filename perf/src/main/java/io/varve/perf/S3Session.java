package io.varve.perf;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/**
 * One keep-alive connection to an S3 endpoint for requests whose answers are looked at: listings,
 * settings, deletes of many keys. Single-threaded.
 */
final class S3Session implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;
    private final String host;
    private final String accessKey;
    private final String secretKey;

    S3Session(InetSocketAddress endpoint, String accessKey, String secretKey) throws IOException {
        this.socket = new Socket(endpoint.getAddress(), endpoint.getPort());
        socket.setTcpNoDelay(true);
        this.input = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.host = endpoint.getHostString() + ":" + endpoint.getPort();
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /**
     * @param query sorted and encoded
     * @return the body of an answer of success
     */
    String send(String method, String path, String query, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        SigV4 signer = new SigV4(accessKey, secretKey, host, Instant.now());
        byte[] head = signer.head(method, path, query, SigV4.sha256(bytes), bytes.length);
        byte[] request = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(bytes, 0, request, head.length, bytes.length);
        socket.getOutputStream().write(request);
        String status = line();
        long length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                length = -1;
            }
        }
        String answer = new String(length < 0 ? chunks() : exactly(length), StandardCharsets.UTF_8);
        if (!status.startsWith("HTTP/1.1 2")) {
            throw new IOException(
                    method + " " + path + "?" + query + ": " + status + "\n" + answer);
        }
        return answer;
    }

    private byte[] exactly(long length) throws IOException {
        byte[] bytes = input.readNBytes(Math.toIntExact(length));
        if (bytes.length < length) {
            throw new IOException("the answer is cut off");
        }
        return bytes;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            whole.write(exactly(size));
            exactly(2);
        }
        exactly(2);
        return whole.toByteArray();
    }

    private long chunkSize() throws IOException {
        return Long.parseLong(line().strip(), 16);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
