package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a handler sees of a request, and what is refused before one sees it. */
final class RequestFormTest {
    private final TestServer server = new TestServer(RequestFormTest::echo);

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpResponse echo(HttpRequest request) throws IOException {
        String seen =
                String.join(
                        "\n",
                        request.method(),
                        request.rawPath(),
                        request.rawQuery(),
                        request.host(),
                        request.headers().all("X-A").toString(),
                        request.contentLength().toString(),
                        new String(request.body().readAllBytes(), StandardCharsets.UTF_8));
        return HttpResponse.status(200).body(seen.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> echoed(String request) throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send(request).response();
            assertEquals(200, response.status(), response.text());
            return List.of(response.text().split("\n", -1));
        }
    }

    private int status(String request) throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send(request).response();
            assertEquals("close", response.header("connection"));
            assertTrue(client.closedByServer());
            return response.status();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b/a%2Fb",
                "//x//",
                "/b/a+b;v=1",
                "/../x",
                "/./x",
                "/%2e%2e/%00",
                "/%FF",
                "/b/%zz",
                "/|\"{}\\^`<>",
                "/b/a#b",
                "/b/" + "k"
            })
    void pathIsSeenExactlyAsSent(String path) throws IOException {
        assertEquals(path, echoed("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz&b=[x]{y}|", "a=b?c=d", "prefix=a%2Fb+c", "acl", "&&=&"})
    void queryIsSeenExactlyAsSent(String query) throws IOException {
        List<String> seen = echoed("GET /b?" + query + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals("/b", seen.get(1));
        assertEquals(query, seen.get(2));
    }

    @Test
    void bytesAboveAsciiInThePathBecomeTheirEscapes() throws IOException {
        assertEquals(
                "/b/gr%C3%BCn",
                echoed("GET /b/gr\u00C3\u00BCn HTTP/1.1\r\nHost: h\r\n\r\n").get(1));
    }

    @Test
    void longRequestLineOfAPresignedUrlIsTaken() throws IOException {
        String path = "/b/" + "%F0%9F%98%80".repeat(256);
        String query = "X-Amz-Security-Token=" + "t".repeat(4000);
        List<String> seen = echoed("GET " + path + "?" + query + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(path, seen.get(1));
        assertEquals(query, seen.get(2));
    }

    @Test
    void absoluteFormGivesPathAndHost() throws IOException {
        List<String> seen = echoed("GET http://other:9/b/k?q HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(List.of("/b/k", "q", "other:9"), seen.subList(1, 4));
        assertEquals("/", echoed("GET http://other HTTP/1.1\r\nHost: h\r\n\r\n").get(1));
    }

    @Test
    void duplicateHeadersStayApartAndValuesAreTrimmed() throws IOException {
        List<String> seen =
                echoed("GET / HTTP/1.1\r\nHost: h\r\nX-A:  1 \r\nX-B: x\r\nx-a:\t2\r\n\r\n");
        assertEquals("[1, 2]", seen.get(4));
    }

    @Test
    void headerValuesAreReadAsUtf8ElseAsLatin1() throws IOException {
        assertEquals(
                "[grün]",
                echoed("GET / HTTP/1.1\r\nHost: h\r\nX-A: gr\u00C3\u00BCn\r\n\r\n").get(4));
        assertEquals("[grün]", echoed("GET / HTTP/1.1\r\nHost: h\r\nX-A: grün\r\n\r\n").get(4));
    }

    @Test
    void lengthIsAbsentWhenNoneWasSent() throws IOException {
        assertEquals("OptionalLong.empty", echoed("PUT / HTTP/1.1\r\nHost: h\r\n\r\n").get(5));
        assertEquals(
                "OptionalLong[0]",
                echoed("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").get(5));
    }

    @Test
    void chunkExtensionsAndTrailersAreReadOver() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5;ext=1\r\nhello\r\n006 ; a=\"b\"\r\n world\r\n0\r\n"
                            + "X-Trailer: 1\r\nX-More: 2\r\n\r\n"
                            + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
            assertTrue(client.response().text().endsWith("\nhello world"));
            assertTrue(client.response().text().startsWith("GET\n/next\n"));
        }
    }

    @Test
    void headArrivingByteByByteIsTheSame() throws IOException {
        try (RawClient client = server.connect()) {
            String request = "\r\nPUT /slow?q HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok";
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertTrue(client.response().text().endsWith("\nok"));
        }
    }

    @ParameterizedTest(name = "{index}")
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '"',
            value = {
                // The framing could be understood in two ways.
                "400!PUT / HTTP/1.1~Host: h~Content-Length: 3~Transfer-Encoding: chunked~~abc",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: 3~Content-Length: 4~~abcd",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: 3~Content-Length: 3~~abc",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: -1~~",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: +3~~abc",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: 0x3~~abc",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: 3, 3~~abc",
                "400!PUT / HTTP/1.1~Host: h~Content-Length: 99999999999999999999~~",
                "400!PUT / HTTP/1.1~Host: h~Content-Length:~~",
                "501!PUT / HTTP/1.1~Host: h~Transfer-Encoding: gzip, chunked~~",
                "501!PUT / HTTP/1.1~Host: h~Transfer-Encoding: xchunked~~",
                "400!PUT / HTTP/1.1~Host: h~Transfer-Encoding: chunked~Transfer-Encoding:"
                        + " chunked~~",
                "400!PUT / HTTP/1.0~Transfer-Encoding: chunked~~",
                "400!PUT / HTTP/1.1~Host: h~Content-Length : 3~~abc",
                "400!PUT / HTTP/1.1~Host: h~X-A: b~ folded~~",
                "400!PUT / HTTP/1.1~Host: h~: empty~~",
                "400!PUT / HTTP/1.1~Host: h~no colon~~",
                "400!GET / HTTP/1.1~~",
                "400!GET / HTTP/1.1~Host: a~Host: b~~",
                "400!GET / HTTP/1.1~Host: a b~~",
                "400!GET / HTTP/1.1~Host: a/b~~",
                "400!GET /a b HTTP/1.1~Host: h~~",
                "400!GET  / HTTP/1.1~Host: h~~",
                "400!GET /~Host: h~~",
                "400!GET b HTTP/1.1~Host: h~~",
                "400!(ET / HTTP/1.1~Host: h~~",
                "400!~~~~GET / HTTP/1.1~Host: h~~",
                "501!CONNECT h:1 HTTP/1.1~Host: h~~",
                "417!PUT / HTTP/1.1~Host: h~Expect: miracles~Content-Length: 1~~a",
                "505!PRI * HTTP/2.0~~SM~~",
                "505!GET / HTTP/1.2~Host: h~~",
                "400!GET / XTTP/1.1~Host: h~~"
            })
    void refusesWhatTwoReadersCouldUnderstandDifferently(int status, String request)
            throws IOException {
        assertEquals(status, status(request.replace("~", "\r\n")), request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: h\n\n",
                "GET / HTTP/1.1\r\nHost: h\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\rX-B: 2\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX-A: a\u0000b\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\r\nHost: h\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000",
            })
    void refusesControlCharactersBareLineFeedsAndTlsOnAPlainPort(String request)
            throws IOException {
        assertEquals(400, status(request));
    }

    @Test
    void refusesWhatIsTooLong() throws IOException {
        String start = "GET / HTTP/1.1\r\nHost: h\r\n";
        assertEquals(414, status("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: h\r\n\r\n"));
        assertEquals(431, status(start + "X-A: " + "a".repeat(40_000) + "\r\n\r\n"));
        assertEquals(431, status(start + "X-A: 1\r\n".repeat(300) + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "z\r\n",
                "\r\n",
                "-1\r\n",
                "5\r\nhelloX\r\n",
                "5\nhello\r\n",
                "5 5\rx",
                "1000000000000000\r\n"
            })
    void refusesBrokenChunks(String chunks) throws IOException {
        String head = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertEquals(400, status(head + chunks));
    }

    @Test
    void refusesEndlessChunkFraming() throws IOException {
        String head = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertEquals(400, status(head + "1;" + "x".repeat(5000) + "\r\na\r\n"));
        assertEquals(
                400, status(head + "0\r\n" + ("X-T: " + "t".repeat(1000) + "\r\n").repeat(20)));
    }
}
