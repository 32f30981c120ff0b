package io.varve.endpoint.keystone;

import io.varve.endpoint.server.HttpRequest;

import java.util.regex.Pattern;

/**
 * Where this site is, as the client should call it.
 *
 * @param base scheme and authority, without a slash at the end
 */
record Urls(String base) {
    private static final Pattern AUTHORITY =
            Pattern.compile("[A-Za-z0-9._~-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

    /**
     * As the client has called it, unless something is configured.
     *
     * @param configured empty for none
     */
    static Urls of(HttpRequest http, String configured) {
        if (!configured.isEmpty()) {
            return new Urls(configured);
        }
        String host = http.host();
        if (!AUTHORITY.matcher(host).matches()) {
            throw KeystoneRefusal.badRequest("The Host header names no host.");
        }
        return new Urls((http.secure() ? "https://" : "http://") + host);
    }

    String identity() {
        return base + "/v3";
    }

    String objectStore(String projectId) {
        return base + "/v1/AUTH_" + projectId;
    }

    String s3() {
        return base;
    }
}
