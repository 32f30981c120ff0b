package io.varve.endpoint.sync;

import io.varve.endpoint.sync.SyncSource.Header;
import io.varve.endpoint.sync.SyncSource.Outgoing;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connection to another site: a request at a time, in HTTP/1.1. The Java runtime's own client
 * would not do: it sends headers in ASCII, and metadata is UTF-8. Owned by one thread, but for
 * {@link #abort}.
 */
final class SyncConnection implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int ANSWER_TIMEOUT_MS = 60_000;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_LINE_BYTES = 16 << 10;
    private static final int MAX_HEADERS = 200;
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final SyncPace pace;
    private boolean reusable = true;

    private SyncConnection(Socket socket, SyncPace pace) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        this.pace = pace;
    }

    /**
     * @param headers by lower-case name; of several the last
     */
    record Answer(int status, Map<String, String> headers) {
        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    static SyncConnection open(URI url, SSLSocketFactory tls, SyncPace pace) throws IOException {
        boolean secure = url.getScheme().equals("https");
        int port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(url.getHost(), port), CONNECT_TIMEOUT_MS);
            socket.setSoTimeout(ANSWER_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            return new SyncConnection(
                    secure ? secured(socket, url.getHost(), port, tls) : socket, pace);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secured(Socket socket, String host, int port, SSLSocketFactory tls)
            throws IOException {
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** Whether another request can follow. */
    boolean isReusable() {
        return reusable;
    }

    Answer send(String method, URI url, List<Header> headers, @Nullable Outgoing content)
            throws IOException {
        reusable = false;
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(url.getRawPath()).append(" HTTP/1.1\r\n");
        add(head, new Header("Host", url.getRawAuthority()));
        headers.forEach(header -> add(head, header));
        if (content != null) {
            content.headers().forEach(header -> add(head, header));
            add(head, new Header("Content-Length", Long.toString(content.sizeBytes())));
        }
        head.append("\r\n");
        try {
            out.write(head.toString().getBytes(StandardCharsets.UTF_8));
            if (content != null) {
                // Before the buffer, so that it is whole blocks that wait.
                content.body().writeTo(pace.of(out));
            }
            out.flush();
        } catch (IOException e) {
            return refusedEarly(method, e);
        }
        return answer(method);
    }

    /** Who refuses a body may close before all of it has come, and its answer tells why. */
    private Answer refusedEarly(String method, IOException failure) throws IOException {
        try {
            Answer answer = answer(method);
            reusable = false;
            return answer;
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private static void add(StringBuilder head, Header header) {
        head.append(header.name()).append(": ");
        // A line ends where the header does, whatever its value holds.
        header.value().codePoints().forEach(c -> head.appendCodePoint(c < ' ' ? ' ' : c));
        head.append("\r\n");
    }

    private Answer answer(String method) throws IOException {
        String status;
        Map<String, String> headers;
        do {
            status = line();
            headers = headers();
        } while (status.startsWith("HTTP/1.1 1"));
        if (!status.matches("HTTP/1\\.[01] [2-5][0-9][0-9]( .*)?")) {
            throw new IOException("not an answer of HTTP");
        }
        Answer answer = new Answer(Integer.parseInt(status.substring(9, 12)), headers);
        boolean bodiless = method.equals("HEAD") || answer.status() == 204;
        boolean closes =
                headers.getOrDefault("connection", "").equalsIgnoreCase("close")
                        || status.startsWith("HTTP/1.0");
        reusable = !closes && (bodiless || skipBody(headers.getOrDefault("content-length", "")));
        return answer;
    }

    /** Whether the body has been read to its end. */
    private boolean skipBody(String length) throws IOException {
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > MAX_ANSWER_BYTES) {
            return false;
        }
        in.skipNBytes(Integer.parseInt(length));
        return true;
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < MAX_HEADERS; i++) {
            String line = line();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new IOException("too many headers in an answer");
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > MAX_LINE_BYTES) {
                throw new IOException("the answer broke off");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Ends whatever is under way. By any thread. */
    void abort() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed then, and nobody waits for more.
        }
    }

    @Override
    public void close() {
        abort();
    }
}
