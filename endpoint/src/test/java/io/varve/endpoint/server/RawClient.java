package io.varve.endpoint.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sends bytes as they are given, and reads responses as they come. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MS = 15_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        this(new Socket(address.getAddress(), address.getPort()));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Each char is one byte. */
    RawClient send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    Socket socket() {
        return socket;
    }

    /** The next response to a request other than HEAD. */
    Response response() throws IOException {
        return response(true);
    }

    /** The next head alone. */
    Response head() throws IOException {
        return response(false);
    }

    private Response response(boolean withBody) throws IOException {
        String statusLine = line();
        List<String> headers = new ArrayList<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.add(header);
        }
        Response head = new Response(statusLine, headers, new byte[0]);
        if (!withBody || head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return head;
        }
        return new Response(statusLine, headers, body(head));
    }

    private byte[] body(Response head) throws IOException {
        String length = head.header("content-length");
        if (length != null) {
            byte[] body = in.readNBytes(Integer.parseInt(length));
            if (body.length < Integer.parseInt(length)) {
                throw new EOFException("body cut after " + body.length + " of " + length);
            }
            return body;
        }
        if ("chunked".equals(head.header("transfer-encoding"))) {
            return chunks();
        }
        return in.readAllBytes();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            byte[] chunk = in.readNBytes(size);
            body.write(chunk);
            String end = line();
            if (!end.isEmpty() || chunk.length < size) {
                throw new EOFException("broken chunk");
            }
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("connection ended after \"" + line + "\"");
            }
            if (b == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) b);
        }
    }

    /** Everything until the server closes; a reset counts as an end, too. */
    byte[] rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            in.transferTo(rest);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (socket.isClosed()) {
                throw e;
            }
        }
        return rest.toByteArray();
    }

    /** Whether the server has closed without another byte. */
    boolean closedByServer() throws IOException {
        return rest().length == 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    record Response(String statusLine, List<String> headers, byte[] body) {
        int status() {
            return Integer.parseInt(statusLine.substring(9, 12));
        }

        @org.jspecify.annotations.Nullable
        String header(String lowerCaseName) {
            for (String header : headers) {
                int colon = header.indexOf(':');
                if (header.substring(0, colon).toLowerCase(Locale.ROOT).equals(lowerCaseName)) {
                    return header.substring(colon + 2);
                }
            }
            return null;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
