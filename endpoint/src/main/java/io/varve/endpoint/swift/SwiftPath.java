package io.varve.endpoint.swift;

import java.util.Optional;

/**
 * What a path names. A part that is absent is empty; nobody has a container or object of an empty
 * name.
 *
 * @param prefix of the path as the client wrote it, up to the account: {@code /v1} or {@code
 *     /swift/v1}
 * @param account as in the path, the reseller's prefix included; empty below {@code /swift/v1} when
 *     the path begins with the container
 */
record SwiftPath(String prefix, String account, String container, String object) {
    private static final String CEPH_PREFIX = "/swift/v1";

    boolean isAccount() {
        return container.isEmpty();
    }

    boolean isContainer() {
        return !container.isEmpty() && object.isEmpty();
    }

    boolean isObject() {
        return !object.isEmpty();
    }

    SwiftPath withAccount(String name) {
        return new SwiftPath(prefix, name, container, object);
    }

    /** The path below the prefix with the account: what names the same for every client. */
    String canonical() {
        StringBuilder path = new StringBuilder("/v1/").append(account);
        if (!container.isEmpty()) {
            path.append('/').append(container);
        }
        if (!object.isEmpty()) {
            path.append('/').append(object);
        }
        return path.toString();
    }

    /**
     * Empty when the path is none of Swift's.
     *
     * @throws SwiftRefusal when it is not UTF-8
     */
    static Optional<SwiftPath> parse(String rawPath, String resellerPrefix) {
        String path = decoded(rawPath);
        if (path.equals(CEPH_PREFIX) || path.startsWith(CEPH_PREFIX + "/")) {
            String rest = path.substring(Math.min(CEPH_PREFIX.length() + 1, path.length()));
            return rest.startsWith(resellerPrefix)
                    ? split(CEPH_PREFIX, rest)
                    : Optional.of(below(CEPH_PREFIX, "", rest));
        }
        for (String version : new String[] {"/v1", "/v1.0"}) {
            if (path.startsWith(version + "/")) {
                return split(version, path.substring(version.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static Optional<SwiftPath> split(String prefix, String rest) {
        int slash = rest.indexOf('/');
        String account = slash < 0 ? rest : rest.substring(0, slash);
        if (account.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(below(prefix, account, slash < 0 ? "" : rest.substring(slash + 1)));
    }

    private static SwiftPath below(String prefix, String account, String rest) {
        int slash = rest.indexOf('/');
        if (slash < 0) {
            return new SwiftPath(prefix, account, rest, "");
        }
        String container = rest.substring(0, slash);
        if (container.isEmpty()) {
            // A name that follows no container is nobody's.
            throw StatusPage.NOT_FOUND.refusal();
        }
        return new SwiftPath(prefix, account, container, rest.substring(slash + 1));
    }

    private static String decoded(String rawPath) {
        return Percent.decode(rawPath)
                .filter(path -> path.indexOf('\0') < 0)
                .orElseThrow(
                        () ->
                                StatusPage.PRECONDITION_FAILED.refusal(
                                        "Invalid UTF8 or contains NULL"));
    }
}
