package io.varve.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One keep-alive connection of a load: writes a request, reads its answer, throws the body away.
 */
final class LoadConnection implements AutoCloseable {
    private static final int READ_BUFFER_BYTES = 256 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final int expectedStatus;
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);

    private ByteBuffer[] request = new ByteBuffer[0];
    private long sentAtNanos;
    private boolean headRead;
    private long bodyBytes;
    private long bodyLeft;

    LoadConnection(InetSocketAddress target, Selector selector, int expectedStatus)
            throws IOException {
        this.expectedStatus = expectedStatus;
        channel = SocketChannel.open(target);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(ByteBuffer[] bytes) throws IOException {
        request = bytes;
        headRead = false;
        sentAtNanos = System.nanoTime();
        write();
    }

    /** Does what the socket is ready for; true when the answer is complete. */
    boolean advance() throws IOException {
        if (key.isWritable()) {
            write();
        }
        return key.isReadable() && read();
    }

    long sentAtNanos() {
        return sentAtNanos;
    }

    /** The length of the last answer's body. */
    long bodyBytes() {
        return bodyBytes;
    }

    private void write() throws IOException {
        channel.write(request);
        boolean more = request[request.length - 1].hasRemaining();
        key.interestOps(more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private boolean read() throws IOException {
        while (true) {
            int count = channel.read(input);
            if (count < 0) {
                throw new IOException("the server closed the connection");
            }
            if (!headRead && !readHead()) {
                return false;
            }
            if (headRead) {
                bodyLeft -= input.position();
                boolean filled = !input.hasRemaining();
                input.clear();
                if (bodyLeft == 0) {
                    return true;
                }
                if (bodyLeft < 0) {
                    throw new IOException("more bytes than the answer's Content-Length");
                }
                if (!filled) {
                    return false;
                }
            }
        }
    }

    /** Whether the whole head is there; the bytes after it stay in the buffer, counted as body. */
    private boolean readHead() throws IOException {
        int end = headEnd();
        if (end < 0) {
            return false;
        }
        byte[] head = new byte[end];
        input.get(0, head);
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text.substring(9, 12));
        if (status != expectedStatus) {
            throw new IOException("unexpected answer: " + text.lines().limit(12).toList());
        }
        bodyBytes = contentLength(text);
        bodyLeft = bodyBytes;
        int rest = input.position() - end;
        input.clear();
        input.position(rest);
        headRead = true;
        return true;
    }

    private int headEnd() {
        for (int i = 3; i < input.position(); i++) {
            if (input.get(i) == '\n' && input.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static long contentLength(String head) throws IOException {
        String name = "\ncontent-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            throw new IOException("an answer without Content-Length: " + head);
        }
        int from = at + name.length();
        return Long.parseLong(head.substring(from, head.indexOf('\r', from)).strip());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
