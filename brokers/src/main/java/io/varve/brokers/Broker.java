package io.varve.brokers;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** A broker in this JVM. Closing it is a stop in good order: its partitions are handed over. */
public final class Broker implements AutoCloseable {
    private final BrokerConfig config;
    private final KafkaRaftServer server;

    private Broker(BrokerConfig config, KafkaRaftServer server) {
        this.config = config;
        this.server = server;
    }

    /**
     * Starts a broker, on what its directory holds.
     *
     * @throws IllegalStateException when it cannot be started
     */
    public static Broker start(BrokerConfig config) {
        try {
            format(config);
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(config.properties(), false), Time.SYSTEM);
            server.startup();
            return new Broker(config, server);
        } catch (Exception e) {
            throw new IllegalStateException("broker cannot be started: " + config, e);
        }
    }

    /** As Kafka wants it before the first start; a directory that was formatted stays as it is. */
    private static void format(BrokerConfig config) throws Exception {
        String directory = config.logDirectory().toString();
        if (Files.exists(config.logDirectory().resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(config.logDirectory());
        new Formatter()
                .setNodeId(config.node())
                .setClusterId(BrokerConfig.CLUSTER_ID)
                .setDirectories(List.of(directory))
                .setMetadataLogDirectory(directory)
                .setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER)
                .setIgnoreFormatted(true)
                .setPrintStream(silence())
                .run();
    }

    private static PrintStream silence() throws IOException {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    public String bootstrap() {
        return config.bootstrap();
    }

    /** Returns when the broker has ended. */
    void await() {
        server.awaitShutdown();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
