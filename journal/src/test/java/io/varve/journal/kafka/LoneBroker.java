package io.varve.journal.kafka;

import io.varve.brokers.Broker;
import io.varve.brokers.BrokerConfig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

/** A broker in this JVM, alone in its cluster. */
final class LoneBroker implements AutoCloseable {
    private final Broker broker;

    LoneBroker(Path directory) throws IOException {
        broker =
                Broker.start(
                        new BrokerConfig(1, directory, List.of(freePort()), List.of(freePort())));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    @Override
    public void close() {
        broker.close();
    }
}
