package io.varve.endpoint.cli;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * Turns SIGTERM and SIGINT into a value that the program waits for, so that it ends by itself and
 * with exit code 0. The Java runtime's own answer to them is to run its shutdown hooks all at once
 * and to exit with 143 or 130. A second signal ends the process at once.
 *
 * <p>Signals are in {@code sun.misc}, which the compiler warns about but every JDK has (module
 * jdk.unsupported); hence by reflection.
 */
final class StopSignals {
    private static final System.Logger LOG = System.getLogger(StopSignals.class.getName());
    private static final int EXIT_AT_SECOND_SIGNAL = 130;

    private final CompletableFuture<String> first = new CompletableFuture<>();

    private StopSignals() {}

    static StopSignals install() {
        StopSignals signals = new StopSignals();
        try {
            signals.handle("TERM");
            signals.handle("INT");
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "signals end this process without finishing requests", e);
        }
        return signals;
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        InvocationHandler invocation =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                arrive("SIG" + name);
                                yield null;
                            }
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> isSame(proxy, arguments[0]);
                            default -> "handler of SIG" + name;
                        };
        Object handler =
                Proxy.newProxyInstance(
                        StopSignals.class.getClassLoader(),
                        new Class<?>[] {handlerType},
                        invocation);
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    private void arrive(String signal) {
        if (!first.complete(signal)) {
            Runtime.getRuntime().halt(EXIT_AT_SECOND_SIGNAL);
        }
    }

    /** Waits for a signal and returns its name; null when something else came first. */
    @Nullable String await(CompletableFuture<?> other) {
        CompletableFuture.anyOf(first, other).join();
        return first.getNow(null);
    }
}
