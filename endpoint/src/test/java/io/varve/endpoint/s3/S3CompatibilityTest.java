package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.s3.Operation.Support;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The page on compatibility says of every operation what the code does. */
class S3CompatibilityTest {
    private static final Path PAGE = Path.of("../docs/compatibility/s3.md");
    private static final Pattern ROW =
            Pattern.compile(
                    "\\| ([^|]+) \\| `([A-Z]+) (/[^`]*)`(?: with `([^`]+)`)? \\| (yes|unset|no)"
                            + " \\|");

    record Row(String name, String method, String target, String header, Support support) {}

    static Stream<Row> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(
                        row ->
                                new Row(
                                        row.group(1),
                                        row.group(2),
                                        row.group(3),
                                        row.group(4) == null ? "" : row.group(4),
                                        switch (row.group(5)) {
                                            case "yes" -> Support.YES;
                                            case "unset" -> Support.UNSET;
                                            default -> Support.NO;
                                        }));
    }

    @Test
    void namesEveryOperationInOrder() throws IOException {
        assertEquals(
                Arrays.stream(Operation.values()).map(Operation::s3Name).toList(),
                rows().map(Row::name).toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void describesTheRequestOfTheOperation(Row row) {
        TestRequest request =
                TestRequest.of(row.method(), row.target()).header("Host", "localhost");
        if (!row.header().isEmpty()) {
            request.header(row.header(), "bucket/key");
        }
        Operation operation = Operation.of(S3Request.parse(request.build(), TestClient.CONFIG));
        assertEquals(row.name(), operation.s3Name());
        assertEquals(row.support(), operation.support());
    }

    /** Nothing that the table promises ends in a fault for want of somebody who answers. */
    @ParameterizedTest
    @MethodSource("rows")
    void answersEveryOperation(Row row) {
        TestClient client = new TestClient(new InMemoryStore());
        client.request("PUT", "/bucket").send().expect(200);
        client.put("/bucket/key", "x").expect(200);
        TestClient.Request request = client.request(row.method(), row.target()).body("");
        if (!row.header().isEmpty()) {
            request.header(row.header(), "bucket/key");
        }
        Answer answer = request.send();
        if (row.support() == Support.NO) {
            answer.expect(501, "NotImplemented");
        } else {
            assertTrue(answer.status() < 500, answer.text());
        }
    }

    @Test
    void refusesAMethodThatALevelDoesNotHave() {
        TestClient client = new TestClient(new InMemoryStore());
        for (String target : new String[] {"/", "/bucket", "/bucket/key"}) {
            Answer answer = client.request("PATCH", target).send().expect(405, "MethodNotAllowed");
            assertTrue(answer.header("Allow").toUpperCase(Locale.ROOT).contains("GET"));
        }
        assertEquals("GET", client.request("PUT", "/").send().expect(405).header("Allow"));
    }
}
