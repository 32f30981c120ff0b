package io.varve.brokers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * One broker as a process of its own. It ends when its standard input does, so that it never
 * outlives who started it, however that one ended.
 *
 * <p>Arguments: number, directory, ports for clients, ports of controllers (with commas).
 */
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) {
        Logger.getLogger("").setLevel(Level.WARNING);
        BrokerConfig config =
                new BrokerConfig(
                        Integer.parseInt(args[0]),
                        Path.of(args[1]),
                        ports(args[2]),
                        ports(args[3]));
        Broker broker = Broker.start(config);
        Thread.ofPlatform().daemon().name("parent-watch").start(BrokerMain::endWithParent);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
        broker.await();
    }

    private static List<Integer> ports(String list) {
        return Stream.of(list.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static void endWithParent() {
        InputStream in = System.in;
        try {
            while (in.read() >= 0) {
                // Nobody says anything: only the end counts.
            }
        } catch (IOException _) {
            // As good as the end.
        }
        Runtime.getRuntime().exit(0);
    }
}
