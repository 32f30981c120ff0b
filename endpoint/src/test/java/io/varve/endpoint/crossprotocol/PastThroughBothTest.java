package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Moment;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A bucket as it was, read through S3 and Swift. */
final class PastThroughBothTest {
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss.SSSSSS'z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    @TempDir Path directory;
    private TwoProtocols both;
    private ObjectStore store;
    private Moment first;

    @BeforeEach
    void open() {
        both = new TwoProtocols(directory);
        store = both.swift().store();
        s3("PUT", "/photos").expect(200);
        both.s3("PUT", "/photos/a/1").body("one").send().expect(200);
        both.s3("PUT", "/photos/b")
                .header("x-amz-meta-color", "red")
                .body("two")
                .send()
                .expect(200);
        first = now();
        both.s3("PUT", "/photos/b").body("second").send().expect(200);
        s3("DELETE", "/photos/a/1").expect(204);
        both.s3("PUT", "/photos/c").body("three").send().expect(200);
    }

    @AfterEach
    void close() {
        both.close();
    }

    private Moment now() {
        return store.view().momentOf(store.view().appliedPosition());
    }

    private static Instant instant(Moment moment) {
        return Instant.EPOCH.plus(moment.micros(), ChronoUnit.MICROS);
    }

    private static String past(String bucket, Moment moment) {
        return bucket + "--asof-" + BASIC.format(instant(moment));
    }

    private Answer s3(String method, String path) {
        return both.s3(method, path).send();
    }

    private static List<String> keys(Answer listing) {
        return Pattern.compile("<Key>([^<]*)</Key>")
                .matcher(listing.expect(200).text())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aBucketNameWithATimeReadsAsItWas() {
        String then = "/" + past("photos", first);
        s3("HEAD", then).expect(200);
        Answer listing = s3("GET", then + "?list-type=2");
        assertEquals(List.of("a/1", "b"), keys(listing));
        assertEquals(then.substring(1), listing.xml("Name"));
        assertEquals(List.of("b", "c"), keys(s3("GET", "/photos")));
        assertEquals(
                List.of("a/1", "b"),
                keys(s3("GET", then.toUpperCase(Locale.ROOT).replace("PHOTOS", "photos"))));
        Answer got = s3("GET", then + "/b").expect(200);
        assertEquals("two", got.text());
        assertEquals("red", got.header("x-amz-meta-color"));
        assertEquals("one", s3("GET", then + "/a/1").expect(200).text());
        assertEquals(3, s3("HEAD", then + "/a/1").expect(200).announcedBytes());
        s3("GET", then + "/c").expect(404);
        String rolled = s3("GET", then + "?delimiter=/").expect(200).text();
        assertTrue(rolled.contains("<CommonPrefixes><Prefix>a/</Prefix>"), rolled);
    }

    @Test
    void aHeaderReadsThroughBothAsItWas() {
        String position = Long.toString(first.position());
        Answer s3 = both.s3("GET", "/photos/b").header("X-Varve-As-Of", position).send();
        assertEquals("two", s3.expect(200).text());
        Answer swift =
                both.swift("GET", "/photos/b")
                        .header("X-Varve-As-Of", instant(first).toString())
                        .send();
        assertEquals("two", swift.expect(200).text());
        Answer listing = both.swift("GET", "/photos").header("X-Varve-As-Of", position).send();
        assertEquals("a/1\nb\n", listing.expect(200).text());
        Answer back =
                both.swift("GET", "/photos?reverse=true").header("X-Varve-As-Of", position).send();
        assertEquals("b\na/1\n", back.expect(200).text());
        both.swift("PUT", "/photos/d").header("X-Varve-As-Of", position).send().expect(400);
        both.swift("GET", "/photos?versions").header("X-Varve-As-Of", position).send().expect(400);
        both.s3("PUT", "/photos/d").header("X-Varve-As-Of", position).send().expect(400);
        both.s3("GET", "/photos").header("X-Varve-As-Of", "yesterday").send().expect(400);
    }

    @Test
    void thePastIsCopiedFromAndNeverWrittenTo() {
        String then = past("photos", first);
        both.s3("PUT", "/photos/a/1")
                .header("x-amz-copy-source", "/" + then + "/a/1")
                .send()
                .expect(200);
        assertEquals("one", s3("GET", "/photos/a/1").expect(200).text());
        both.s3("PUT", "/photos/b")
                .header("x-amz-copy-source", "/" + then + "/b")
                .send()
                .expect(200);
        assertEquals("red", s3("GET", "/photos/b").expect(200).header("x-amz-meta-color"));
        Answer refused = both.s3("PUT", "/" + then + "/x").body("x").send().expect(405);
        assertEquals("MethodNotAllowed", refused.xml("Code"));
        s3("DELETE", "/" + then + "/b").expect(405);
        s3("DELETE", "/" + then).expect(405);
        s3("PUT", "/" + then).expect(400);
        s3("PUT", "/" + then + "?acl").expect(405);
    }

    @Test
    void aRemovedBucketIsReadByItsOwnerUntilTheWindowCloses() {
        s3("DELETE", "/photos/b").expect(204);
        s3("DELETE", "/photos/c").expect(204);
        s3("DELETE", "/photos").expect(204);
        s3("GET", "/photos").expect(404);
        String then = "/" + past("photos", first);
        assertEquals(List.of("a/1", "b"), keys(s3("GET", then)));
        assertEquals("two", s3("GET", then + "/b").expect(200).text());
        both.s3("GET", then + "/b").as(TwoProtocols.STRANGER).send().expect(403);
        s3("GET", "/" + past("photos", now())).expect(404);
    }

    @Test
    void rightsAreThoseOfNow() {
        String then = "/" + past("photos", first);
        both.s3("GET", then + "/b").as(TwoProtocols.STRANGER).send().expect(403);
        both.swift("POST", "/photos")
                .header("X-Container-Read", "test2:*")
                .body("")
                .send()
                .expect(204);
        both.s3("GET", then + "/b").as(TwoProtocols.STRANGER).send().expect(200);
    }

    @Test
    void aMomentThatHasNotComeIsRefused() {
        Answer future = s3("GET", "/photos--asof-29990101t000000z").expect(400);
        assertTrue(future.text().contains("not come yet"), future.text());
        s3("GET", "/photos--asof-20261399t000000z").expect(400);
        String beyond = Long.toString(now().position() + 1);
        both.s3("GET", "/photos").header("X-Varve-As-Of", beyond).send().expect(400);
        both.swift("GET", "/photos").header("X-Varve-As-Of", beyond).send().expect(400);
    }

    @Test
    void largeObjectsAreOfTheirSegmentsOfThatMoment() {
        both.swift("PUT", "/photos/seg/1").body("aa").send().expect(201);
        both.swift("PUT", "/photos/seg/2").body("bb").send().expect(201);
        both.swift("PUT", "/photos/large")
                .header("X-Object-Manifest", "photos/seg/")
                .body("")
                .send()
                .expect(201);
        Moment then = now();
        both.swift("PUT", "/photos/seg/2").body("cc").send().expect(201);
        both.swift("PUT", "/photos/seg/3").body("dd").send().expect(201);
        assertEquals("aaccdd", s3("GET", "/photos/large").expect(200).text());
        String path = "/" + past("photos", then) + "/large";
        assertEquals("aabb", s3("GET", path).expect(200).text());
        Answer swift =
                both.swift("GET", "/photos/large")
                        .header("X-Varve-As-Of", Long.toString(then.position()))
                        .send();
        assertEquals("aabb", swift.expect(200).text());
    }

    private Answer restore(String parameters) {
        return both.s3("POST", "/photos?varve-past=restore&to=" + first.position() + parameters)
                .body("")
                .send();
    }

    private static JsonNode json(Answer answer) {
        try {
            return Json.read(answer.expect(200).text());
        } catch (JsonException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatDiffersIsListed() {
        String path = "/photos?varve-past=diff&from=" + first.position();
        JsonNode document = json(s3("GET", path));
        List<String> changes = new ArrayList<>();
        for (JsonNode difference : document.path("differences")) {
            changes.add(difference.path("change").asText() + " " + difference.path("key").asText());
        }
        assertEquals(List.of("removed a/1", "changed b", "added c"), changes);
        both.s3("GET", path).as(TwoProtocols.STRANGER).send().expect(403);
    }

    @Test
    void aRestoreBringsBackExactlyWhatWasAndWritesNoBlob() {
        long position = now().position();
        JsonNode dry = json(restore("&dry-run="));
        assertEquals(2, dry.path("restored").asInt());
        assertEquals(1, dry.path("removed").asInt());
        assertEquals(position, now().position());
        int blobs = both.swift().blobCount();
        JsonNode done = json(restore("&if-unchanged-since=" + position));
        assertEquals(2, done.path("restored").asInt());
        assertEquals(0, done.path("refused").asInt());
        assertEquals(blobs, both.swift().blobCount());
        assertEquals(List.of("a/1", "b"), keys(s3("GET", "/photos")));
        assertEquals("two", s3("GET", "/photos/b").expect(200).text());
        assertEquals("red", s3("HEAD", "/photos/b").expect(200).header("x-amz-meta-color"));
        JsonNode again = json(restore(""));
        assertEquals(0, again.path("restored").asInt() + again.path("removed").asInt());
        assertEquals(2, again.path("same").asInt());
        restore("&if-unchanged-since=" + position).expect(412);
    }

    @Test
    void aRestoreIsRefusedWhenSomethingHasChangedSince() {
        long position = now().position();
        both.s3("PUT", "/photos/c").body("four").send().expect(200);
        restore("&if-unchanged-since=" + position).expect(412);
        assertEquals("four", s3("GET", "/photos/c").expect(200).text());
        both.s3("POST", "/photos?varve-past=restore&to=" + first.position())
                .as(TwoProtocols.STRANGER)
                .body("")
                .send()
                .expect(403);
    }

    @Test
    void anUndeleteTouchesNothingThatIsThere() {
        JsonNode done = json(restore("&mode=undelete"));
        assertEquals(1, done.path("restored").asInt());
        assertEquals(List.of("a/1", "b", "c"), keys(s3("GET", "/photos")));
        assertEquals("second", s3("GET", "/photos/b").expect(200).text());
    }

    @Test
    void aRestoreOfABucketWithVersionsAddsVersions() {
        both.s3("PUT", "/photos?versioning")
                .body(
                        "<VersioningConfiguration><Status>Enabled</Status>"
                                + "</VersioningConfiguration>")
                .send()
                .expect(200);
        json(restore(""));
        assertEquals(List.of("a/1", "b"), keys(s3("GET", "/photos")));
        assertTrue(s3("GET", "/photos?versions").text().contains("<DeleteMarker>"));
        String again = "/photos?varve-past=diff&from=" + first.position();
        assertEquals(0, json(s3("GET", again)).path("differences").size());
    }

    private Answer restoreInto(String bucket, String parameters) {
        return both.s3(
                        "POST",
                        "/" + bucket + "?varve-past=restore&to=" + first.position() + parameters)
                .body("")
                .send();
    }

    @Test
    void aBucketIsBroughtBackIntoAnother() {
        s3("PUT", "/copies").expect(200);
        both.s3("PUT", "/copies/b").body("mine").send().expect(200);
        int blobs = both.swift().blobCount();
        JsonNode done = json(restoreInto("copies", "&from-bucket=photos&mode=undelete"));
        assertEquals(1, done.path("restored").asInt());
        assertEquals(List.of("a/1", "b"), keys(s3("GET", "/copies")));
        assertEquals("one", s3("GET", "/copies/a/1").expect(200).text());
        assertEquals("mine", s3("GET", "/copies/b").expect(200).text());
        JsonNode all = json(restoreInto("copies", "&from-bucket=photos"));
        assertEquals(1, all.path("restored").asInt());
        assertEquals(1, all.path("same").asInt());
        assertEquals("two", s3("GET", "/copies/b").expect(200).text());
        assertEquals(blobs, both.swift().blobCount());
        assertEquals(List.of("b", "c"), keys(s3("GET", "/photos")));
        restoreInto("absent", "&from-bucket=photos").expect(404);
        restoreInto("copies", "&from-bucket=absent").expect(404);
    }

    @Test
    void whatOneMayNotReadIsNotBroughtIntoOnesBucket() {
        both.s3("PUT", "/theirs").as(TwoProtocols.STRANGER).send().expect(200);
        String path = "/theirs?varve-past=restore&from-bucket=photos&to=" + first.position();
        JsonNode none = json(both.s3("POST", path).as(TwoProtocols.STRANGER).body("").send());
        assertEquals(0, none.path("restored").asInt());
        assertEquals(2, none.path("refused").asInt());
        both.swift("POST", "/photos")
                .header("X-Container-Read", "test2:*")
                .body("")
                .send()
                .expect(204);
        JsonNode all = json(both.s3("POST", path).as(TwoProtocols.STRANGER).body("").send());
        assertEquals(2, all.path("restored").asInt());
    }

    @Test
    void aPolicyThatForbidsToChangeAKeyHoldsForARestoreToo() {
        both.s3("PUT", "/photos?policy")
                .body(
                        """
                        {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",
                         "Action":["s3:PutObject","s3:DeleteObject"],
                         "Resource":["arn:aws:s3:::photos/a/*","arn:aws:s3:::photos/c"]}]}
                        """)
                .send()
                .expect(204);
        JsonNode done = json(restore(""));
        assertEquals(1, done.path("restored").asInt());
        assertEquals(2, done.path("refused").asInt());
        assertEquals(List.of("b", "c"), keys(s3("GET", "/photos")));
    }

    @Test
    void aRemovedBucketIsMadeAgainForItsOwner() {
        both.s3("PUT", "/photos?tagging")
                .body("<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>")
                .send()
                .expect(204);
        s3("DELETE", "/photos/b").expect(204);
        s3("DELETE", "/photos/c").expect(204);
        s3("DELETE", "/photos").expect(204);
        JsonNode dry = json(restore("&dry-run="));
        assertEquals(2, dry.path("restored").asInt());
        s3("GET", "/photos").expect(404);
        both.s3("POST", "/photos?varve-past=restore&to=" + first.position())
                .as(TwoProtocols.STRANGER)
                .body("")
                .send()
                .expect(403);
        JsonNode done = json(restore(""));
        assertEquals(2, done.path("restored").asInt());
        assertEquals(List.of("a/1", "b"), keys(s3("GET", "/photos")));
        assertTrue(s3("GET", "/photos?tagging").expect(200).text().contains("<Value>v</Value>"));
        JsonNode again = json(restore(""));
        assertEquals(2, again.path("same").asInt());
    }

    @Test
    void aBucketThatWasMadeAnewIsBroughtBackFromTheOneOfThen() {
        s3("DELETE", "/photos/b").expect(204);
        s3("DELETE", "/photos/c").expect(204);
        s3("DELETE", "/photos").expect(204);
        s3("PUT", "/photos").expect(200);
        both.s3("PUT", "/photos/new").body("new").send().expect(200);
        JsonNode done = json(restore(""));
        assertEquals(2, done.path("restored").asInt());
        assertEquals(1, done.path("removed").asInt());
        assertEquals(List.of("a/1", "b"), keys(s3("GET", "/photos")));
    }

    @Test
    void allBucketsOfAMomentAreNamed() {
        s3("PUT", "/later").expect(200);
        s3("DELETE", "/photos/b").expect(204);
        s3("DELETE", "/photos/c").expect(204);
        s3("DELETE", "/photos").expect(204);
        JsonNode then = json(s3("GET", "/?varve-past=buckets&at=" + first.position()));
        assertEquals(1, then.path("buckets").size());
        assertEquals("photos", then.at("/buckets/0/name").asText());
        assertEquals(false, then.at("/buckets/0/present").asBoolean(true));
        assertEquals(first.position(), then.at("/at/position").asLong());
        JsonNode theirs =
                json(
                        both.s3("GET", "/?varve-past=buckets&at=" + first.position())
                                .as(TwoProtocols.STRANGER)
                                .send());
        assertEquals(0, theirs.path("buckets").size());
    }

    @Test
    void thePastOfAnObjectIsErasedByTheOwnerAlone() {
        String path = "/photos?varve-past=erase&key=a/1";
        both.s3("POST", path).as(TwoProtocols.STRANGER).body("").send().expect(403);
        JsonNode done = json(both.s3("POST", path).body("").send());
        assertEquals(1, done.path("erased").asInt());
        assertEquals(false, done.path("present").asBoolean(true));
        String then = "/" + past("photos", first);
        s3("GET", then + "/a/1").expect(404);
        assertEquals(List.of("b"), keys(s3("GET", then)));
        JsonNode again = json(both.s3("POST", path).body("").send());
        assertEquals(0, again.path("erased").asInt());
    }
}
