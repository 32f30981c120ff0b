package io.varve.endpoint.sync;

import java.net.URI;
import java.util.Locale;

/**
 * Where the objects of a container go to, as {@code //realm/cluster/account/container} says it.
 *
 * @param realm in capitals
 * @param realmKey what requests are signed with
 * @param url of the container there, escaped
 */
public record SyncTarget(String realm, String realmKey, URI url) {
    private static final String START = "//";
    private static final int PARTS = 4;

    /**
     * @throws SyncException with a sentence for the user when it is no such text, or leads nowhere
     */
    public static SyncTarget of(String text, SyncRealms realms) {
        if (!text.startsWith(START)) {
            throw new SyncException(
                    "Full URLs are not allowed for X-Container-Sync-To values. Only realm values of"
                            + " the format //realm/cluster/account/container are allowed.\n");
        }
        String[] parts = text.replaceFirst("/+$", "").substring(START.length()).split("/", -1);
        if (parts.length != PARTS) {
            throw new SyncException("Invalid X-Container-Sync-To format '" + text + "'");
        }
        SyncRealms.Realm realm =
                realms.realm(parts[0])
                        .orElseThrow(
                                () -> new SyncException("No realm key for '" + parts[0] + "'"));
        String endpoint = realm.clusters().get(parts[1].toUpperCase(Locale.ROOT));
        if (endpoint == null) {
            throw new SyncException(
                    "No cluster endpoint for '%s' '%s'".formatted(parts[0], parts[1]));
        }
        String container = SyncPath.encode(parts[2]) + "/" + SyncPath.encode(parts[3]);
        return new SyncTarget(
                parts[0].toUpperCase(Locale.ROOT),
                realm.key(),
                URI.create(endpoint + "/" + container));
    }

    URI object(String name) {
        return URI.create(url + "/" + SyncPath.encode(name));
    }

    /** Without the secret, so that it does not get into a log. */
    @Override
    public String toString() {
        return "SyncTarget[realm=" + realm + ", url=" + url + "]";
    }
}
