package io.varve.endpoint.logs;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sets up the process's log: one line each, on standard error. */
public final class LogSetup {
    /** Libraries that tell at INFO what only their makers want to know. */
    private static final List<Logger> QUIET =
            List.of(
                    Logger.getLogger("io.helidon"),
                    Logger.getLogger("net.openhft"),
                    Logger.getLogger("org.apache.kafka"),
                    Logger.getLogger("org.rocksdb"));

    private LogSetup() {}

    /**
     * @param level ERROR, WARNING, INFO or DEBUG
     */
    public static void install(String level) {
        Level threshold =
                switch (level) {
                    case "ERROR" -> Level.SEVERE;
                    case "WARNING" -> Level.WARNING;
                    case "DEBUG" -> Level.FINE;
                    default -> Level.INFO;
                };
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setFormatter(new LineFormatter());
        console.setLevel(threshold);
        root.addHandler(console);
        root.setLevel(threshold);
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }
}
