package io.varve.endpoint.keystone;

import io.varve.endpoint.server.HttpResponse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which operation answers which method and path. Filled once, then safe for use by many threads.
 */
final class Routes {
    private static final String VARIABLE = "{}";

    private final List<Route> routes = new ArrayList<>();

    /** Answers one kind of request. */
    @FunctionalInterface
    interface Operation {
        HttpResponse answer(Call call) throws IOException;
    }

    /**
     * @param parameters what stands at the variable places
     */
    record Match(String name, Operation operation, List<String> parameters) {}

    private record Route(String method, List<String> pattern, String name, Operation operation) {}

    /**
     * @param pattern a path in which {@code {}} stands for any one segment; of two that fit, the
     *     earlier one counts
     * @param name for logs and metrics
     */
    Routes add(String method, String pattern, String name, Operation operation) {
        routes.add(new Route(method, segments(pattern), name, operation));
        return this;
    }

    /**
     * @throws KeystoneRefusal when there is no such path, or it does not take this method
     */
    Match find(String method, String rawPath) {
        List<String> segments = segments(rawPath);
        // What answers a GET answers a HEAD: the server leaves the body out.
        String wanted = method.equals("HEAD") ? "GET" : method;
        boolean known = false;
        Route found = null;
        for (Route route : routes) {
            if (found == null && fits(route.pattern(), segments)) {
                known = true;
                if (route.method().equals(wanted) || route.method().equals(method)) {
                    found = route;
                }
            }
        }
        if (found == null) {
            throw known ? KeystoneRefusal.methodNotAllowed() : KeystoneRefusal.noSuchPath();
        }
        List<String> parameters = new ArrayList<>(3);
        for (int i = 0; i < segments.size(); i++) {
            if (found.pattern().get(i).equals(VARIABLE)) {
                parameters.add(Query.decodeSegment(segments.get(i)));
            }
        }
        return new Match(found.name(), found.operation(), List.copyOf(parameters));
    }

    private static boolean fits(List<String> pattern, List<String> segments) {
        if (pattern.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (!expected.equals(VARIABLE) && !expected.equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A slash at the end makes no difference. */
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        while (!segments.isEmpty() && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }
}
