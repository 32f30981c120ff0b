package io.varve.endpoint.cli;

import io.varve.endpoint.config.ConfigException;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.logs.AccessLog;
import io.varve.endpoint.logs.LogSetup;
import io.varve.endpoint.logs.RotatingFile;
import io.varve.endpoint.serve.ServeException;
import io.varve.endpoint.serve.StorageRole;
import io.varve.endpoint.serve.VarveServer;
import io.varve.endpoint.server.ListenException;
import io.varve.endpoint.site.SiteException;
import io.varve.endpoint.tls.TlsException;
import io.varve.journal.JournalException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** {@code varve serve}: runs until it is told to stop by SIGTERM or SIGINT, then exits 0. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves a site in one process. Needs no argument.",
        footer = {
            "",
            "Without a configuration, data is in ./varve-data: a journal, a view and nine devices",
            "in three hosts (directories that stand for disks). The root keys are taken from",
            "VARVE_ROOT_ACCESS_KEY and VARVE_ROOT_SECRET_KEY, or made at the first start.",
            "All keys: docs/operations/configuration.md"
        })
final class ServeCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(ServeCommand.class.getName());

    @Option(names = "--config", paramLabel = "FILE", description = "Lines of key = value.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data is (data.directory), by default ./varve-data.")
    private @Nullable String data;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Plain HTTP, by default 127.0.0.1:9000; off for none.")
    private @Nullable String http;

    @Option(
            names = "--https",
            paramLabel = "HOST:PORT",
            description = "HTTPS, by default 0.0.0.0:9443; off for none.")
    private @Nullable String https;

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            description = "What this process is in a cluster: storage, or endpoint,view, or both.")
    private @Nullable String roles;

    @Spec private @Nullable CommandSpec spec;

    /**
     * The command of a plain line: its options only, each with its value. Nothing else needs the
     * parser, which takes longer to load than all that is its own of a start.
     *
     * @return null when there is anything else in it
     */
    static @Nullable ServeCommand plain(List<String> arguments) {
        ServeCommand command = new ServeCommand();
        if (arguments.size() % 2 != 0) {
            return null;
        }
        for (int at = 0; at < arguments.size(); at += 2) {
            String value = arguments.get(at + 1);
            if (value.startsWith("-") || value.startsWith("@") || value.isEmpty()) {
                return null;
            }
            switch (arguments.get(at)) {
                case "--config" -> {
                    if (command.config != null) {
                        return null;
                    }
                    command.config = Path.of(value);
                }
                case "--data" -> {
                    if (command.data != null) {
                        return null;
                    }
                    command.data = value;
                }
                case "--http" -> {
                    if (command.http != null) {
                        return null;
                    }
                    command.http = value;
                }
                case "--https" -> {
                    if (command.https != null) {
                        return null;
                    }
                    command.https = value;
                }
                case "--roles" -> {
                    if (command.roles != null) {
                        return null;
                    }
                    command.roles = value;
                }
                default -> {
                    return null;
                }
            }
        }
        return command;
    }

    @Override
    public Integer call() {
        CommandSpec line = spec;
        return line == null ? runPlain() : run(line.commandLine().getOut());
    }

    private int runPlain() {
        try {
            return run(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        } catch (CommandFailure expected) {
            System.err.println("varve: " + expected.getMessage());
            return expected.exitCode();
        }
    }

    private int run(PrintWriter out) {
        VarveConfig settings = settings();
        LogSetup.install(settings.log().level());
        StopSignals signals = StopSignals.install();
        if (StorageRole.isAllOf(settings)) {
            return serveStorage(settings, signals, out);
        }
        VarveServer server = start(settings, out);
        out.print(StartNotice.of(server));
        out.flush();
        LOG.log(Level.INFO, "serving, {0}", server.site().health());
        String signal = signals.await(server.reopening());
        while (signal == null) {
            server.stop();
            server = start(settings, out);
            LOG.log(Level.INFO, "serving, opened anew, {0}", server.site().health());
            signal = signals.await(server.reopening());
        }
        LOG.log(Level.INFO, "{0}: finishing requests", signal);
        boolean drained = server.stop();
        if (!drained) {
            LOG.log(Level.WARNING, "requests that took too long were cut off");
        }
        LOG.log(Level.INFO, "stopped");
        return 0;
    }

    private static int serveStorage(VarveConfig settings, StopSignals signals, PrintWriter out) {
        try (StorageRole storage = opened(settings)) {
            out.println("varve: storage host on " + storage.address());
            out.flush();
            LOG.log(Level.INFO, "serving devices on {0}", storage.address());
            String signal = signals.await(new CompletableFuture<>());
            LOG.log(Level.INFO, "{0}: finishing requests", signal);
        }
        LOG.log(Level.INFO, "stopped");
        return 0;
    }

    private static StorageRole opened(VarveConfig settings) {
        try {
            return StorageRole.start(settings);
        } catch (ServeException | SiteException | TlsException e) {
            LOG.log(Level.DEBUG, "cannot start", e);
            throw CommandFailure.failed("cannot serve: " + withCauses(e));
        }
    }

    private VarveConfig settings() {
        Map<String, VarveConfig.Setting> options = new LinkedHashMap<>();
        put(options, "roles", roles, "--roles");
        put(options, "data.directory", data, "--data");
        put(options, "http.address", http, "--http");
        put(options, "https.address", https, "--https");
        try {
            return VarveConfig.load(config, options);
        } catch (ConfigException e) {
            throw CommandFailure.usage(
                    "the configuration cannot be used\n  " + String.join("\n  ", e.problems()));
        }
    }

    private static void put(
            Map<String, VarveConfig.Setting> options,
            String key,
            @Nullable String value,
            String option) {
        if (value != null) {
            options.put(key, new VarveConfig.Setting(value, option));
        }
    }

    private static VarveServer start(VarveConfig settings, PrintWriter out) {
        try {
            return VarveServer.start(settings, System.getenv(), accessLog(settings, out));
        } catch (ServeException
                | SiteException
                | TlsException
                | ListenException
                | JournalException e) {
            LOG.log(Level.DEBUG, "cannot start", e);
            throw CommandFailure.failed("cannot serve: " + withCauses(e));
        }
    }

    /** Messages only, each once: an outer one often ends with its cause's. */
    private static String withCauses(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).replace('\n', ' ');
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }

    private static AccessLog.@Nullable Sink accessLog(VarveConfig settings, PrintWriter out) {
        VarveConfig.LogSettings log = settings.log();
        return switch (log.access()) {
            case "stdout" -> new WriterSink(out);
            case "off" -> null;
            default ->
                    new RotatingFile(
                            settings.dataDirectory().resolve("log").resolve("access.log"),
                            log.accessSizeBytes(),
                            log.accessFiles());
        };
    }

    private record WriterSink(PrintWriter out) implements AccessLog.Sink {
        @Override
        public void write(String line) {
            out.write(line);
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
