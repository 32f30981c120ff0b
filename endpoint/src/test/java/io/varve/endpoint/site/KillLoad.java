package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One client's load on keys of its own, and what it knows of them: what was acknowledged, and the
 * one change whose answer a crash may have swallowed. Owned by one thread at a time.
 */
final class KillLoad {
    private static final int KEYS = 4;
    private static final byte[] EMPTY = new byte[0];
    private static final Pattern LISTED =
            Pattern.compile("<(Version|DeleteMarker)>(.*?)</\\1>", Pattern.DOTALL);
    private static final Pattern VERSION_ID = Pattern.compile("<VersionId>(.*?)</VersionId>");
    private static final Pattern UPLOAD_ID = Pattern.compile("<UploadId>(.*?)</UploadId>");

    private final int id;
    private final Random random;
    private final List<Key> keys = new ArrayList<>();
    private int changes;
    private int acknowledged;

    /** A change: an object's number and size, or number 0 for none (a delete). */
    private record Change(int number, int lengthBytes) {
        boolean removal() {
            return number == 0;
        }
    }

    private record Acknowledged(Change change, String versionId) {}

    /** What should be found of one key. */
    private static final class Key {
        final String bucket;
        final String name;
        final boolean versioned;
        final List<Acknowledged> history = new ArrayList<>();
        @Nullable Change unanswered;
        int verified;

        Key(String bucket, String name, boolean versioned) {
            this.bucket = bucket;
            this.name = name;
            this.versioned = versioned;
        }

        String target() {
            return "/" + bucket + "/" + name;
        }
    }

    KillLoad(int id, long seed) {
        this.id = id;
        this.random = new Random(seed * 31 + id);
        for (int i = 0; i < KEYS; i++) {
            keys.add(new Key("versioned", "client" + id + "-" + i, true));
            keys.add(new Key("plain", "client" + id + "-" + i, false));
        }
    }

    static void createBuckets(S3HttpClient client) throws IOException {
        assertEquals(200, client.put("/versioned", EMPTY).statusCode());
        assertEquals(200, client.put("/plain", EMPTY).statusCode());
        byte[] enabled =
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals(200, client.put("/versioned?versioning=", enabled).statusCode());
    }

    private static byte[] content(Key key, Change change) {
        byte[] bytes = new byte[change.lengthBytes()];
        new Random(key.name.hashCode() * 1_000_003L + change.number()).nextBytes(bytes);
        return bytes;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** Changes and reads until the server is gone. */
    void run(S3HttpClient client) {
        try {
            while (true) {
                step(client, keys.get(random.nextInt(keys.size())));
            }
        } catch (IOException serverIsGone) {
            // What was under way is noted as unanswered.
        }
    }

    private void step(S3HttpClient client, Key key) throws IOException {
        int dice = random.nextInt(100);
        if (dice < 25) {
            read(client, key);
        } else if (dice < 40) {
            change(
                    key,
                    new Change(0, 0),
                    () -> client.send("DELETE", key.target(), Map.of(), EMPTY));
        } else if (dice < 50) {
            multipart(client, key);
        } else {
            Change change = new Change(++changes, someLength());
            change(key, change, () -> client.put(key.target(), content(key, change)));
        }
    }

    private int someLength() {
        int dice = random.nextInt(20);
        if (dice == 0) {
            return random.nextInt(400_000);
        }
        return dice == 1 ? 0 : random.nextInt(20_000);
    }

    private interface Request {
        HttpResponse<byte[]> send() throws IOException;
    }

    private void change(Key key, Change change, Request request) throws IOException {
        key.unanswered = change;
        HttpResponse<byte[]> answer = request.send();
        assertTrue(
                answer.statusCode() / 100 == 2,
                () ->
                        answer.statusCode()
                                + " "
                                + new String(answer.body(), StandardCharsets.UTF_8));
        String versionId = answer.headers().firstValue("x-amz-version-id").orElse("");
        acknowledge(key, change, versionId);
    }

    private void acknowledge(Key key, Change change, String versionId) {
        key.unanswered = null;
        if (!key.versioned) {
            key.history.clear();
            key.verified = 0;
        }
        key.history.add(new Acknowledged(change, versionId));
        acknowledged++;
    }

    private void multipart(S3HttpClient client, Key key) throws IOException {
        HttpResponse<byte[]> started =
                client.send("POST", key.target() + "?uploads=", Map.of(), EMPTY);
        assertEquals(200, started.statusCode());
        Matcher uploadId = UPLOAD_ID.matcher(new String(started.body(), StandardCharsets.UTF_8));
        assertTrue(uploadId.find());
        Change change = new Change(++changes, 1 + random.nextInt(100_000));
        String query = "uploadId=" + uploadId.group(1);
        HttpResponse<byte[]> part =
                client.put(key.target() + "?partNumber=1&" + query, content(key, change));
        assertEquals(200, part.statusCode());
        String etag = part.headers().firstValue("etag").orElseThrow();
        byte[] complete =
                ("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                                + etag
                                + "</ETag></Part></CompleteMultipartUpload>")
                        .getBytes(StandardCharsets.UTF_8);
        change(
                key,
                change,
                () -> client.send("POST", key.target() + "?" + query, Map.of(), complete));
    }

    private void read(S3HttpClient client, Key key) throws IOException {
        Change expected = key.history.isEmpty() ? new Change(0, 0) : key.history.getLast().change();
        requireCurrent(key, expected, client.get(key.target()));
    }

    private static void requireCurrent(Key key, Change expected, HttpResponse<byte[]> found) {
        if (expected.removal()) {
            assertEquals(404, found.statusCode(), key.target());
        } else {
            assertEquals(200, found.statusCode(), key.target());
            assertArrayEquals(content(key, expected), found.body(), key.target());
        }
    }

    /**
     * Everything acknowledged must be there, in order, with the right bytes; of the change that was
     * not answered, all or nothing.
     */
    void verify(S3HttpClient client, boolean allBytes) throws IOException {
        for (Key key : keys) {
            if (key.versioned) {
                verifyVersions(client, key, allBytes);
            } else {
                verifyCurrent(client, key);
            }
        }
    }

    private void verifyCurrent(S3HttpClient client, Key key) throws IOException {
        HttpResponse<byte[]> found = client.get(key.target());
        Change unanswered = key.unanswered;
        if (unanswered != null && is(key, unanswered, found)) {
            acknowledge(key, unanswered, "");
        }
        key.unanswered = null;
        Change expected = key.history.isEmpty() ? new Change(0, 0) : key.history.getLast().change();
        requireCurrent(key, expected, found);
    }

    private static boolean is(Key key, Change change, HttpResponse<byte[]> found) {
        return change.removal()
                ? found.statusCode() == 404
                : found.statusCode() == 200 && Arrays.equals(content(key, change), found.body());
    }

    private record Listed(boolean marker, String versionId) {}

    private static List<Listed> listed(S3HttpClient client, Key key) throws IOException {
        // Oldest first. A key has fewer versions in a run than a page takes.
        HttpResponse<byte[]> page =
                client.get("/" + key.bucket + "?prefix=" + key.name + "&versions=");
        assertEquals(200, page.statusCode());
        String xml = new String(page.body(), StandardCharsets.UTF_8);
        assertTrue(xml.contains("<IsTruncated>false</IsTruncated>"), xml);
        List<Listed> listed = new ArrayList<>();
        Matcher entries = LISTED.matcher(xml);
        while (entries.find()) {
            Matcher version = VERSION_ID.matcher(entries.group(2));
            assertTrue(version.find());
            listed.addFirst(new Listed(entries.group(1).equals("DeleteMarker"), version.group(1)));
        }
        return listed;
    }

    private void verifyVersions(S3HttpClient client, Key key, boolean allBytes) throws IOException {
        List<Listed> listed = listed(client, key);
        Change unanswered = key.unanswered;
        if (unanswered != null && listed.size() == key.history.size() + 1) {
            acknowledge(key, unanswered, listed.getLast().versionId());
        }
        key.unanswered = null;
        assertEquals(
                key.history.stream().map(Acknowledged::versionId).toList(),
                listed.stream().map(Listed::versionId).toList(),
                key.target());
        for (int i = allBytes ? 0 : key.verified; i < listed.size(); i++) {
            Change change = key.history.get(i).change();
            assertEquals(change.removal(), listed.get(i).marker(), key.target());
            if (!change.removal()) {
                requireCurrent(
                        key,
                        change,
                        client.get(key.target() + "?versionId=" + listed.get(i).versionId()));
            }
        }
        key.verified = listed.size();
    }

    @Override
    public String toString() {
        return "client " + id + ", " + acknowledged + " acknowledged";
    }
}
