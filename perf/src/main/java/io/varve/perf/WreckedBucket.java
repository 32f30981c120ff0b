package io.varve.perf;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket of a site under measurement: how it is filled, how a script gone wrong wrecks it, and
 * what a listing of it says. Single-threaded.
 */
final class WreckedBucket {
    static final String NAME = "varve-bench";

    /** Many, so that many changes share a sync. */
    private static final int CONNECTIONS = 256;

    private static final int DELETED_PER_REQUEST = 1000;

    /** One key of so many is overwritten; the others are deleted. */
    private static final int OVERWRITTEN_OF = 4;

    /** One new key for so many old ones. */
    private static final int ADDED_OF = 100;

    private static final Pattern NEXT =
            Pattern.compile("<NextContinuationToken>([^<]+)</NextContinuationToken>");
    private static final Pattern OBJECT =
            Pattern.compile("<Key>([^<]+)</Key>.*?<ETag>([^<]+)</ETag><Size>([0-9]+)</Size>");

    private final InetSocketAddress address;

    /**
     * What a listing showed.
     *
     * @param digest over keys, tags and sizes in the order of the listing
     */
    record Listing(long objects, String digest, double seconds) {}

    WreckedBucket(InetSocketAddress address) {
        this.address = address;
    }

    /** Servers close what is idle for long, so each piece of work has its own. */
    private S3Session session() throws IOException {
        return new S3Session(address, Servers.ACCESS_KEY, Servers.SECRET_KEY);
    }

    void create() throws IOException {
        try (S3Session session = session()) {
            session.send("PUT", "/" + NAME, "", "");
        }
        versioning("Enabled");
    }

    private void versioning(String status) throws IOException {
        String document =
                "<VersioningConfiguration><Status>"
                        + status
                        + "</Status></VersioningConfiguration>";
        try (S3Session session = session()) {
            session.send("PUT", "/" + NAME, "versioning=", document);
        }
    }

    void fill(long firstKey, long count, int sizeBytes) throws IOException {
        put(firstKey, count, 1, LoadCommand.randomBytes(sizeBytes));
    }

    /**
     * Switches versions off, overwrites, deletes and adds: no key is left as it was.
     *
     * @return how many keys differ afterwards
     */
    long wreck(long objects, int sizeBytes) throws IOException {
        versioning("Suspended");
        long overwritten = (objects + OVERWRITTEN_OF - 1) / OVERWRITTEN_OF;
        put(0, overwritten, OVERWRITTEN_OF, LoadCommand.randomBytes(sizeBytes + 1));
        try (S3Session session = session()) {
            deleteTheOthers(session, objects);
        }
        long added = objects / ADDED_OF;
        fill(objects, added, sizeBytes);
        return objects + added;
    }

    private static void deleteTheOthers(S3Session session, long objects) throws IOException {
        StringBuilder keys = new StringBuilder();
        int named = 0;
        for (long number = 0; number < objects; number++) {
            if (number % OVERWRITTEN_OF != 0) {
                String key = S3Requests.key(number);
                keys.append("<Object><Key>").append(key).append("</Key></Object>");
                named++;
            }
            if (named == DELETED_PER_REQUEST || (named > 0 && number == objects - 1)) {
                delete(session, keys.toString());
                keys.setLength(0);
                named = 0;
            }
        }
    }

    private static void delete(S3Session session, String keys) throws IOException {
        String answer =
                session.send(
                        "POST",
                        "/" + NAME,
                        "delete=",
                        "<Delete><Quiet>true</Quiet>" + keys + "</Delete>");
        if (answer.contains("<Error>")) {
            throw new IOException("not all could be deleted: " + answer);
        }
    }

    private void put(long firstKey, long count, int step, ByteBuffer body) throws IOException {
        if (count <= 0) {
            return;
        }
        S3Requests requests = new S3Requests(address, Servers.ACCESS_KEY, Servers.SECRET_KEY, NAME);
        try (LoadLoop loop =
                new LoadLoop(address, CONNECTIONS, requests.puts(firstKey, step, body))) {
            System.out.printf(Locale.ROOT, "%,d PUTs: %s%n", count, loop.run(count));
        }
    }

    /**
     * All of it, page by page.
     *
     * @param name of the bucket, with a moment or without
     */
    Listing list(String name) throws IOException {
        try (S3Session session = session()) {
            return list(session, name);
        }
    }

    private static Listing list(S3Session session, String name) throws IOException {
        MessageDigest digest = sha256();
        long began = System.nanoTime();
        long spent = 0;
        long objects = 0;
        String token = null;
        do {
            String query =
                    token == null
                            ? "list-type=2"
                            : "continuation-token=" + SigV4.encode(token) + "&list-type=2";
            String page = session.send("GET", "/" + name, query, "");
            long read = System.nanoTime();
            Matcher object = OBJECT.matcher(page);
            while (object.find()) {
                objects++;
                for (int group = 1; group <= 3; group++) {
                    digest.update(object.group(group).getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) 0);
                }
            }
            Matcher next = NEXT.matcher(page);
            token = next.find() ? next.group(1) : null;
            spent += System.nanoTime() - read;
        } while (token != null);
        double seconds = (System.nanoTime() - began - spent) / 1e9;
        return new Listing(objects, HexFormat.of().formatHex(digest.digest()), seconds);
    }

    /** The sum of a metric over what it is told of. */
    long metric(String name) throws IOException {
        long sum = 0;
        URI page = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
        String text;
        try (InputStream body = page.toURL().openStream()) {
            text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String line : text.lines().toList()) {
            if (line.startsWith(name + "{")) {
                sum += (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
