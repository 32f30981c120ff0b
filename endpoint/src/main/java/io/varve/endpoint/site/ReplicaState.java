package io.varve.endpoint.site;

import io.varve.endpoint.tls.PrivateFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a site remembers of its part in a pair of sites, in {@value #FILE_NAME} of its data
 * directory, for its owner only:
 *
 * <pre>
 * varve-replica 1
 * role standby
 * term 0
 * topology local
 * cutAfter -1
 * wholeFrom 0
 * peer https://...
 * token ...
 * </pre>
 *
 * <p>A site without the file leads, and has no other. The certificates that the other site is
 * checked with are beside it, in {@value #CA_FILE_NAME}, if any are needed.
 *
 * @param role whether it leads; after a start it asks the other site before it does
 * @param term of its leadership, see {@link io.varve.dr.replica.Terms}
 * @param topology where the records of its devices are
 * @param cutAfter behind which position its journal goes before it is opened; -1 for nowhere
 * @param wholeFrom from which position on it has every blob that is named
 * @param peer null for none
 */
public record ReplicaState(
        Role role, long term, Place topology, long cutAfter, long wholeFrom, @Nullable Peer peer) {
    public static final String FILE_NAME = "replica";
    public static final String CA_FILE_NAME = "replica-ca.pem";

    /** Of a site without another one. */
    public static final ReplicaState ALONE =
            new ReplicaState(Role.PRIMARY, 0, Place.JOURNAL, -1, 0, null);

    private static final String FORM = "varve-replica 1";

    /** Whether a site leads. */
    public enum Role {
        PRIMARY,
        STANDBY
    }

    /** Where the records of a site's own devices, pools and placement map are. */
    public enum Place {
        /** In the journal, with all else. */
        JOURNAL,
        /** To be taken from the journal into one of their own. */
        MOVING,
        /** In a journal of their own. */
        LOCAL
    }

    /** The other site: where it is, and the secret that both know. */
    public record Peer(String url, String token) {
        /** Without the secret, so that it does not get into a log. */
        @Override
        public String toString() {
            return "Peer[url=" + url + "]";
        }
    }

    /** Of a site that begins as the standby of another one. */
    public static ReplicaState standbyOf(Peer peer) {
        return new ReplicaState(Role.STANDBY, 0, Place.LOCAL, -1, 0, peer);
    }

    public boolean follows() {
        return role == Role.STANDBY;
    }

    public ReplicaState withRole(Role newRole, long newTerm) {
        return new ReplicaState(newRole, newTerm, topology, cutAfter, wholeFrom, peer);
    }

    public ReplicaState withTopology(Place place) {
        return new ReplicaState(role, term, place, cutAfter, wholeFrom, peer);
    }

    public ReplicaState withCutAfter(long position) {
        return new ReplicaState(role, term, topology, position, wholeFrom, peer);
    }

    public ReplicaState withWholeFrom(long position) {
        return new ReplicaState(role, term, topology, cutAfter, position, peer);
    }

    public ReplicaState withPeer(Peer newPeer) {
        return new ReplicaState(role, term, topology, cutAfter, wholeFrom, newPeer);
    }

    /**
     * @throws SiteException when the file cannot be read or is of another form
     */
    public static ReplicaState read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return ALONE;
        }
        try {
            return parse(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new SiteException("the site's part in a pair cannot be read: " + file, e);
        }
    }

    private static ReplicaState parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(FORM)) {
            throw new IllegalArgumentException("it is of another form: " + lines[0]);
        }
        for (int i = 1; i < lines.length; i++) {
            int blank = lines[i].indexOf(' ');
            if (blank > 0) {
                values.put(lines[i].substring(0, blank), lines[i].substring(blank + 1));
            }
        }
        String url = values.getOrDefault("peer", "");
        return new ReplicaState(
                Role.valueOf(value(values, "role").toUpperCase(Locale.ROOT)),
                Long.parseLong(value(values, "term")),
                Place.valueOf(value(values, "topology").toUpperCase(Locale.ROOT)),
                Long.parseLong(value(values, "cutAfter")),
                Long.parseLong(value(values, "wholeFrom")),
                url.isEmpty() ? null : new Peer(url, value(values, "token")));
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return value;
    }

    /** On return it is on media; a crash leaves what was there before, or this. */
    public void write(Path directory) {
        StringBuilder text = new StringBuilder(FORM).append('\n');
        text.append("role ").append(role.name().toLowerCase(Locale.ROOT)).append('\n');
        text.append("term ").append(term).append('\n');
        text.append("topology ").append(topology.name().toLowerCase(Locale.ROOT)).append('\n');
        text.append("cutAfter ").append(cutAfter).append('\n');
        text.append("wholeFrom ").append(wholeFrom).append('\n');
        Peer other = peer;
        if (other != null) {
            text.append("peer ").append(other.url()).append('\n');
            text.append("token ").append(other.token()).append('\n');
        }
        try {
            PrivateFile.write(directory.resolve(FILE_NAME), text.toString());
        } catch (IOException e) {
            throw new SiteException("the site's part in a pair cannot be kept in " + directory, e);
        }
    }
}
