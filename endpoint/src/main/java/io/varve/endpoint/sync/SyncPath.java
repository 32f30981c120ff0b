package io.varve.endpoint.sync;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names in URLs as Swift escapes them, which is part of what is signed. */
final class SyncPath {
    private SyncPath() {}

    /** Everything but letters, digits, {@code _.-~} and the slash. */
    static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~")
                .replace("%2F", "/");
    }
}
