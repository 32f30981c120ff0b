package io.varve.endpoint.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.server.TestResponses;
import io.varve.endpoint.site.SiteHealth;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class FrontDoorTest {
    private static final SiteHealth WELL =
            new SiteHealth(Optional.empty(), false, 9, 9, 2, 0, 7, 7);

    private SiteHealth health = WELL;

    private final FrontDoor door =
            new FrontDoor(
                    Map.of(
                            HealthPages.LIVE,
                            new HealthPages(() -> health).live(),
                            HealthPages.READY,
                            new HealthPages(() -> health).ready()),
                    List.of(
                            new FrontDoor.FrontEnd(
                                    "swift", answering("swift"), List.of("/v1", "/info", "/")),
                            new FrontDoor.FrontEnd("s3", answering("s3"))),
                    List.of("S3.example.org"));

    private static HttpHandler answering(String text) {
        return _ -> HttpResponse.status(200).body(text.getBytes(StandardCharsets.UTF_8));
    }

    private String answer(HttpRequest request) throws IOException {
        HttpResponse response = door.handle(request);
        return new String(TestResponses.bytes(response), StandardCharsets.UTF_8).strip();
    }

    @Test
    void pagesAnswerPlainReads() throws IOException {
        HttpRequest request = TestRequest.of("GET", "/health/live").build();
        assertEquals("alive", answer(request));
        assertEquals("admin", request.notes().protocol());
        assertEquals(200, door.handle(TestRequest.of("HEAD", "/health/ready").build()).status());
    }

    @Test
    void bucketsOfTheSameNameStayReachable() throws IOException {
        for (TestRequest request :
                List.of(
                        TestRequest.of("PUT", "/health/live"),
                        TestRequest.of("GET", "/health/live").header("Authorization", "AWS4 x"),
                        TestRequest.of("GET", "/health/live?X-Amz-Signature=x"),
                        TestRequest.of("GET", "/health/live?versionId=x"),
                        TestRequest.of("GET", "/health/live")
                                .header("Host", "bucket.s3.EXAMPLE.org:9443"),
                        TestRequest.of("GET", "/health/live/"),
                        TestRequest.of("GET", "/health"))) {
            HttpRequest built = request.build();
            assertEquals("s3", answer(built), built.toString());
            assertEquals("s3", built.notes().protocol());
        }
    }

    @Test
    void readyOnlyWhileJournalViewAndDevicesServe() throws IOException {
        assertEquals("ready", answer(TestRequest.of("GET", "/health/ready").build()));
        health = new SiteHealth(Optional.empty(), false, 1, 9, 2, 0, 7, 7);
        HttpResponse few = door.handle(TestRequest.of("GET", "/health/ready").build());
        assertEquals(503, few.status());
        assertTrue(
                new String(TestResponses.bytes(few), StandardCharsets.UTF_8)
                        .contains("1 of 9 devices are up, 2 are needed"));
        health = new SiteHealth(Optional.of("secret detail"), false, 9, 9, 2, 0, 7, 7);
        String stopped = answer(TestRequest.of("GET", "/health/ready").build());
        assertEquals("not ready: the journal or the view has stopped", stopped);
        assertEquals("alive", answer(TestRequest.of("GET", "/health/live").build()));
    }
}
