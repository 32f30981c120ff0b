package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

class ObjectListingsTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void putObjects() {
        client.request("PUT", "/bucket-a").send().expect(200);
        for (String key : List.of("a", "b/1", "b/2", "b/c/3", "d", "e%20f", "g%2Bh")) {
            client.put("/bucket-a/" + key, key).expect(200);
        }
    }

    @Test
    void listsInVersionTwo() {
        Answer list = client.get("/bucket-a?list-type=2").expect(200);
        assertEquals(List.of("a", "b/1", "b/2", "b/c/3", "d", "e f", "g+h"), list.all("Key"));
        assertEquals("bucket-a", list.xml("Name"));
        assertEquals("7", list.xml("KeyCount"));
        assertEquals("1000", list.xml("MaxKeys"));
        assertEquals("false", list.xml("IsTruncated"));
        assertEquals("", list.xml("Prefix"));
        assertEquals("\"0cc175b9c0f1b6a831c399e269772661\"", list.xml("ETag"));
        assertEquals("1", list.xml("Size"));
        assertEquals("STANDARD", list.xml("StorageClass"));
        assertEquals("2026-01-02T03:04:07.000Z", list.xml("LastModified"));
        for (String absent : List.of("Owner", "Delimiter", "StartAfter", "ContinuationToken")) {
            assertEquals(List.of(), list.all(absent), absent);
        }
    }

    @Test
    void givesTheOwnerWhenAsked() {
        Answer list = client.get("/bucket-a?fetch-owner=true&list-type=2&max-keys=1");
        assertEquals(List.of("account-1"), list.all("ID"));
        assertEquals(1, client.get("/bucket-a?max-keys=1").all("Owner").size());
    }

    @Test
    void rollsUpCommonPrefixes() {
        Answer list = client.get("/bucket-a?delimiter=%2F&list-type=2").expect(200);
        assertEquals(List.of("a", "d", "e f", "g+h"), list.all("Key"));
        assertEquals(List.of("", "b/"), list.all("Prefix"));
        assertEquals("5", list.xml("KeyCount"));
        assertEquals("/", list.xml("Delimiter"));
        Answer below = client.get("/bucket-a?delimiter=%2F&list-type=2&prefix=b%2F");
        assertEquals(List.of("b/1", "b/2"), below.all("Key"));
        assertEquals(List.of("b/", "b/c/"), below.all("Prefix"));
    }

    @Test
    void takesADelimiterOfAnyLength() {
        Answer list = client.get("/bucket-a?delimiter=%2Fc%2F&list-type=2").expect(200);
        assertEquals(List.of("a", "b/1", "b/2", "d", "e f", "g+h"), list.all("Key"));
        assertEquals(List.of("", "b/c/"), list.all("Prefix"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void pagesByTokenWithoutLossOrRepetition(int maxKeys) {
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            String target =
                    "/bucket-a?"
                            + (token.isEmpty() ? "" : "continuation-token=" + token + "&")
                            + "delimiter=%2F&list-type=2&max-keys="
                            + maxKeys;
            Answer page = client.get(target).expect(200);
            names.addAll(page.all("Key"));
            names.addAll(page.all("Prefix").subList(1, page.all("Prefix").size()));
            assertTrue(Integer.parseInt(page.xml("KeyCount")) <= maxKeys);
            assertEquals(
                    page.xml("NextContinuationToken").equals("(none)") ? "false" : "true",
                    page.xml("IsTruncated"));
            token =
                    page.xml("NextContinuationToken").equals("(none)")
                            ? ""
                            : page.xml("NextContinuationToken");
        } while (!token.isEmpty());
        assertEquals(List.of("a", "b/", "d", "e f", "g+h"), names.stream().sorted().toList());
        assertEquals(5, names.size());
    }

    @Test
    void startsAfterAName() {
        Answer list = client.get("/bucket-a?list-type=2&start-after=b%2F2").expect(200);
        assertEquals(List.of("b/c/3", "d", "e f", "g+h"), list.all("Key"));
        assertEquals("b/2", list.xml("StartAfter"));
    }

    @Test
    void pagesVersionOneByMarker() {
        Answer first = client.get("/bucket-a?delimiter=%2F&max-keys=2").expect(200);
        assertEquals("true", first.xml("IsTruncated"));
        assertEquals("b/", first.xml("NextMarker"));
        assertEquals("", first.xml("Marker"));
        Answer second = client.get("/bucket-a?delimiter=%2F&marker=b%2F&max-keys=2");
        assertEquals(List.of("d", "e f"), second.all("Key"));
        assertEquals("b/", second.xml("Marker"));
        Answer plain = client.get("/bucket-a?max-keys=2");
        assertEquals(List.of("a", "b/1"), plain.all("Key"));
        assertEquals("true", plain.xml("IsTruncated"));
        assertEquals(List.of(), plain.all("NextMarker"));
        assertEquals(List.of(), plain.all("KeyCount"));
    }

    @Test
    void escapesNamesWhenAsked() {
        Answer list =
                client.get(
                        "/bucket-a?delimiter=%2F&encoding-type=url&list-type=2&prefix=e%20"
                                + "&start-after=a%26b");
        assertEquals("url", list.xml("EncodingType"));
        assertEquals(List.of("e%20f"), list.all("Key"));
        assertEquals("e%20", list.xml("Prefix"));
        assertEquals("a%26b", list.xml("StartAfter"));
        assertEquals("/", list.xml("Delimiter"));
        assertEquals(
                List.of("g%2Bh"), client.get("/bucket-a?encoding-type=url&prefix=g").all("Key"));
        client.get("/bucket-a?encoding-type=base64").expect(400, "InvalidArgument");
    }

    @Test
    void takesAPlusInAQueryForASpace() {
        assertEquals(List.of("e f"), client.get("/bucket-a?prefix=e+f").all("Key"));
    }

    @Test
    void limitsAPage() {
        assertEquals("1000", client.get("/bucket-a?max-keys=5000").xml("MaxKeys"));
        assertEquals("1000", client.get("/bucket-a?max-keys=").xml("MaxKeys"));
        Answer none = client.get("/bucket-a?list-type=2&max-keys=0").expect(200);
        assertEquals(List.of(), none.all("Key"));
        assertEquals("0", none.xml("KeyCount"));
        assertEquals("false", none.xml("IsTruncated"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-keys=-1",
                "max-keys=x",
                "max-keys=2147483648",
                "max-keys=99999999999999999999",
                "list-type=3",
                "continuation-token=%2A%2A&list-type=2",
                "continuation-token=&list-type=2",
                "continuation-token=AAAA&list-type=2"
            })
    void refusesWhatItCannotMakeSenseOf(String query) {
        client.get("/bucket-a?" + query).expect(400, "InvalidArgument");
    }

    @Test
    void writesControlCharactersAsReferences() {
        client.put("/bucket-a/z%01%0Dz", "x").expect(200);
        String text = client.get("/bucket-a?prefix=z").expect(200).text();
        assertTrue(text.contains("<Key>z&#x1;&#xd;z</Key>"), text);
    }
}
