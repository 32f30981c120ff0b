package io.varve.brokers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * One broker of a cluster on this machine, which is a controller of it as well.
 *
 * @param node its number, from 1
 * @param directory where it keeps everything; made when it is not there
 * @param clientPorts of all brokers of the cluster, in the order of their numbers
 * @param controllerPorts likewise
 */
public record BrokerConfig(
        int node, Path directory, List<Integer> clientPorts, List<Integer> controllerPorts) {
    /** One for all clusters on loopback: what tells them apart is their ports. */
    static final String CLUSTER_ID = "dmFydmUtZGV2LWthZmthLg";

    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String ADDRESS = "127.0.0.1";

    public BrokerConfig {
        clientPorts = List.copyOf(clientPorts);
        controllerPorts = List.copyOf(controllerPorts);
        if (clientPorts.size() != controllerPorts.size() || node < 1 || node > clientPorts.size()) {
            throw new IllegalArgumentException(
                    "broker %d of %s / %s".formatted(node, clientPorts, controllerPorts));
        }
    }

    /** Where clients ask first: all brokers of the cluster. */
    public String bootstrap() {
        StringJoiner addresses = new StringJoiner(",");
        for (int port : clientPorts) {
            addresses.add(ADDRESS + ":" + port);
        }
        return addresses.toString();
    }

    Path logDirectory() {
        return directory.resolve("log");
    }

    Map<String, String> properties() {
        StringJoiner voters = new StringJoiner(",");
        for (int i = 0; i < controllerPorts.size(); i++) {
            voters.add("%d@%s:%d".formatted(i + 1, ADDRESS, controllerPorts.get(i)));
        }
        int count = clientPorts.size();
        String replicas = String.valueOf(Math.min(3, count));
        String minInSync = String.valueOf(count >= 3 ? 2 : 1);
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(node));
        properties.put("controller.quorum.voters", voters.toString());
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put(
                "listeners",
                "PLAINTEXT://%s:%d,%s://%s:%d"
                        .formatted(
                                ADDRESS,
                                clientPorts.get(node - 1),
                                CONTROLLER_LISTENER,
                                ADDRESS,
                                controllerPorts.get(node - 1)));
        properties.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        properties.put("log.dirs", logDirectory().toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("default.replication.factor", replicas);
        properties.put("min.insync.replicas", minInSync);
        properties.put("offsets.topic.replication.factor", replicas);
        properties.put("transaction.state.log.replication.factor", replicas);
        properties.put("transaction.state.log.min.isr", minInSync);
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.enable", "false");
        // All is on one machine: who does not answer soon is gone.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.put("replica.lag.time.max.ms", "4000");
        properties.put("controller.quorum.election.timeout.ms", "600");
        properties.put("controller.quorum.fetch.timeout.ms", "1500");
        return properties;
    }
}
