package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

final class ListingsTest {
    private static final String ACCOUNT = "/v1/AUTH_test";
    private static final String CONTAINER = ACCOUNT + "/c";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void objects(String... names) {
        for (String name : names) {
            site.put(CONTAINER + "/" + Percent.encode(name), "x").expect(201);
        }
    }

    private List<String> names(String query) {
        return site.get(CONTAINER + "?" + query).lines();
    }

    @Test
    void pagesByMarkersBothWays() {
        objects("a", "b", "c", "d", "\uFFFD", "\uD83D\uDE00");
        assertEquals(List.of("b", "c"), names("marker=a&limit=2"));
        assertEquals(List.of("b", "c"), names("marker=a&end_marker=d"));
        assertEquals(List.of("d", "c", "b", "a"), names("reverse=on&marker=e"));
        assertEquals(List.of("c", "b"), names("reverse=true&marker=d&end_marker=a"));
        assertEquals(List.of("\uD83D\uDE00", "\uFFFD"), names("reverse=yes&limit=2"));
        assertEquals(List.of(), names("limit=0"));
        site.get(CONTAINER + "?limit=10001").expect(412);
    }

    @Test
    void rollsUpByDelimiter() {
        objects("a", "p/", "p/x", "p/y/z", "q/1", "q/2");
        assertEquals(List.of("a", "p/", "q/"), names("delimiter=/"));
        assertEquals(List.of("q/", "p/", "a"), names("delimiter=/&reverse=1"));
        assertEquals(List.of("p/", "p/x", "p/y/"), names("delimiter=/&prefix=p/"));
        assertEquals(List.of("q/"), names("delimiter=/&marker=p/"));
        assertEquals(List.of("p/x"), names("path=p"));
        assertEquals(List.of("a", "p/"), names("path="));
    }

    @Test
    void everyFormSaysTheSame() {
        objects("a<\u00e4");
        site.request("PUT", CONTAINER + "/t")
                .header("Content-Type", "text/plain; charset=x")
                .body("")
                .send();
        String json = site.get(CONTAINER + "?format=json&prefix=t").text();
        assertEquals(
                "[{\"bytes\": 0, \"hash\": \"d41d8cd98f00b204e9800998ecf8427e\", \"name\": \"t\","
                        + " \"content_type\": \"text/plain;charset=x\", \"last_modified\":"
                        + " \"2023-11-14T22:13:20.000000\"}]",
                json);
        String xml = site.get(CONTAINER + "?format=xml&prefix=a").text();
        assertEquals(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<container name=\"c\"><object><name>a&lt;\u00e4</name>"
                        + "<hash>9dd4e461268c8034f5c8564e155c67a6</hash><bytes>1</bytes>"
                        + "<content_type>application/octet-stream</content_type>"
                        + "<last_modified>2023-11-14T22:13:20.000000</last_modified>"
                        + "</object></container>",
                xml);
        assertEquals(
                "[{\"subdir\": \"a<\\u00e4\"}]",
                site.get(CONTAINER + "?format=json&prefix=a&delimiter=%C3%A4").text());
        assertEquals(
                "application/xml; charset=utf-8",
                site.request("GET", CONTAINER)
                        .header("Accept", "text/plain;q=0.1, application/xml")
                        .send()
                        .header("Content-Type"));
        site.request("GET", CONTAINER).header("Accept", "image/png").send().expect(406);
    }

    @Test
    void anAccountListsItsOwnContainers() {
        site.put(ACCOUNT + "/a-1").expect(201);
        site.put(ACCOUNT + "/a-2").expect(201);
        site.put(ACCOUNT + "/a-1").expect(202);
        site.request("PUT", "/v1/AUTH_test2/b").as(SwiftSite.STRANGER).body("").send().expect(201);
        site.put(ACCOUNT + "/b").expect(409);
        objects("o");
        Answer all = site.get(ACCOUNT).expect(200);
        assertEquals(List.of("a-1", "a-2", "c"), all.lines());
        assertEquals("3", all.header("X-Account-Container-Count"));
        assertEquals("1", all.header("X-Account-Object-Count"));
        assertEquals(List.of("a-", "c"), site.get(ACCOUNT + "?delimiter=-").lines());
        assertEquals(List.of("c", "a-"), site.get(ACCOUNT + "?delimiter=-&reverse=t").lines());
        assertEquals(List.of("c"), site.get(ACCOUNT + "?delimiter=-&marker=a-").lines());
        assertEquals(List.of("a-2"), site.get(ACCOUNT + "?marker=a-1&limit=1").lines());
        site.get(ACCOUNT + "?prefix=zzz").expect(204);
    }

    @Test
    void onlyAnEmptyContainerGoes() {
        objects("o");
        site.delete(CONTAINER).expect(409);
        site.delete(CONTAINER + "/o").expect(204);
        site.delete(CONTAINER).expect(204);
        site.delete(CONTAINER).expect(404);
    }

    @Test
    void cephsPathLeavesTheAccountOut() {
        objects("o");
        assertEquals(List.of("c"), site.get("/swift/v1").lines());
        assertEquals(List.of("o"), site.get("/swift/v1/c").lines());
        assertEquals("x", site.get("/swift/v1/c/o").text());
        assertEquals("x", site.get("/swift/v1/AUTH_test/c/o").text());
        site.request("GET", "/swift/v1").anonymous().send().expect(401);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void accountsGoBackwardsAsForwards(long seed) {
        Random random = new Random(seed);
        site.delete(CONTAINER).expect(204);
        TreeSet<String> names = new TreeSet<>();
        while (names.size() < 40) {
            StringBuilder name = new StringBuilder("a");
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                name.append("ab-".charAt(random.nextInt(3)));
            }
            names.add(name.toString());
        }
        names.forEach(name -> site.put(ACCOUNT + "/" + name).expect(201));
        List<String> ordered = List.copyOf(names);
        String[] marks = {"", "a", "aa-", "ab", "ab-a", "b", "a-"};
        for (int run = 0; run < 150; run++) {
            String prefix = List.of("", "a", "aa-", "ab").get(random.nextInt(4));
            String delimiter = random.nextBoolean() ? "-" : "";
            String marker = marks[random.nextInt(marks.length)];
            String end = marks[random.nextInt(marks.length)];
            int limit = random.nextInt(1, 12);
            String query =
                    "?reverse=on&prefix=%s&delimiter=%s&marker=%s&end_marker=%s&limit=%d"
                            .formatted(prefix, delimiter, marker, end, limit);
            List<String> all = backwards(ordered, prefix, delimiter, marker, end);
            assertEquals(
                    all.subList(0, Math.min(limit, all.size())),
                    site.get(ACCOUNT + query).lines(),
                    () -> "seed=" + seed + ", " + query);
        }
    }

    /** What Swift's databases would answer, key by key. */
    private static List<String> backwards(
            List<String> keys, String prefix, String delimiter, String marker, String end) {
        List<String> names = new ArrayList<>();
        for (String key : keys.reversed()) {
            boolean within =
                    key.startsWith(prefix)
                            && (marker.isEmpty() || key.compareTo(marker) < 0)
                            && (end.isEmpty() || key.compareTo(end) > 0);
            int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String name = at < 0 ? key : key.substring(0, at + 1);
            if (within && !names.contains(name) && !(at >= 0 && name.equals(end))) {
                names.add(name);
            }
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void goesBackwardsAsForwards(long seed) {
        Random random = new Random(seed);
        TreeSet<String> keys = new TreeSet<>();
        while (keys.size() < 60) {
            StringBuilder key = new StringBuilder();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                key.append("ab/".charAt(random.nextInt(3)));
            }
            if (key.charAt(0) != '/') {
                keys.add(key.toString());
            }
        }
        objects(keys.toArray(String[]::new));
        List<String> ordered = List.copyOf(keys);
        String[] marks = {"", "a", "a/", "ab", "b/a", "b/", "ba/b"};
        for (int run = 0; run < 150; run++) {
            String prefix = List.of("", "a", "a/", "b").get(random.nextInt(4));
            String delimiter = random.nextBoolean() ? "/" : "";
            String marker = marks[random.nextInt(marks.length)];
            String end = marks[random.nextInt(marks.length)];
            int limit = random.nextInt(1, 12);
            String query =
                    "reverse=on&prefix=%s&delimiter=%s&marker=%s&end_marker=%s&limit=%d"
                            .formatted(prefix, delimiter, marker, end, limit);
            List<String> all = backwards(ordered, prefix, delimiter, marker, end);
            assertEquals(
                    all.subList(0, Math.min(limit, all.size())),
                    names(query),
                    () -> "seed=" + seed + ", " + query);
        }
    }
}
