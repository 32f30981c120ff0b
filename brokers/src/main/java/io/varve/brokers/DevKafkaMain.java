package io.varve.brokers;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** {@code bin/varve dev-kafka}: three brokers on loopback, until it is told to end. */
@Command(
        name = "varve dev-kafka",
        mixinStandardHelpOptions = true,
        description =
                "Starts Kafka brokers on this machine, to try out a site whose journal is on"
                        + " Kafka. Not for data that matters: they share one machine and its disk.")
public final class DevKafkaMain implements Callable<Integer> {
    private static final Duration START_WAIT = Duration.ofMinutes(2);
    private static final int CONTROLLER_PORTS_ABOVE = 10;
    private static final String BROKER_HEAP = "-Xmx256m";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "varve-dev-kafka",
            description = "where the brokers keep what they hold (default: ${DEFAULT-VALUE})")
    private Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "19092",
            description =
                    "the first broker's port; the others' follow, and their controllers' are 10"
                            + " above (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--brokers",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "how many, 1 to 9 (default: ${DEFAULT-VALUE})")
    private int count;

    @Spec private CommandSpec spec;

    private DevKafkaMain() {}

    public static void main(String[] args) {
        Runtime.getRuntime().exit(new CommandLine(new DevKafkaMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1 || count > CONTROLLER_PORTS_ABOVE - 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--brokers is not 1 to 9: " + count);
        }
        List<Integer> clientPorts = IntStream.range(port, port + count).boxed().toList();
        List<Integer> controllerPorts =
                clientPorts.stream().map(p -> p + CONTROLLER_PORTS_ABOVE).toList();
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stopped = new CountDownLatch(1);
        try (BrokerProcesses brokers =
                new BrokerProcesses(
                        data.toAbsolutePath(), javaCommand(), clientPorts, controllerPorts)) {
            // The JVM waits for the hook, and so the brokers have ended when it ends.
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        brokers.stop();
                                        stopped.countDown();
                                    },
                                    "dev-kafka-stop"));
            brokers.start();
            if (!brokers.awaitOpen(START_WAIT)) {
                spec.commandLine()
                        .getErr()
                        .println("the brokers did not start: see broker.log below " + data);
                return 1;
            }
            tell(out, brokers);
            stopped.await();
        }
        return 0;
    }

    private void tell(PrintWriter out, BrokerProcesses brokers) {
        out.println("Kafka brokers are up, data in " + data + ":");
        for (int node = 1; node <= count; node++) {
            out.printf("  broker %d  port %d  pid %d%n", node, port + node - 1, brokers.pid(node));
        }
        out.println("A site on them: bin/varve serve --config FILE, with these lines in FILE:");
        out.println("  journal.kind = kafka");
        out.println("  journal.kafka.bootstrap = " + brokers.bootstrap());
        out.flush();
    }

    /** As this JVM was started, with less memory and no second copy of its flags to keep. */
    private static List<String> javaCommand() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                BROKER_HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"));
    }
}
