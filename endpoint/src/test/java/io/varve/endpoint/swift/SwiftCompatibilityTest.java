package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class SwiftCompatibilityTest {
    private static final Pattern ROW = Pattern.compile("\\| (\\w+) \\| `([A-Z]+) (/\\S+)` \\|");

    @Test
    void everyRequestOfThePageIsTheOperationItNames() throws IOException {
        Path page = Path.of("../docs/compatibility/swift.md");
        int rows = 0;
        for (String line : Files.readAllLines(page)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                SwiftPath path = SwiftPath.parse(row.group(3), "AUTH_").orElseThrow();
                SwiftRequest request =
                        new SwiftRequest(TestRequest.of(row.group(2), row.group(3)).build(), path);
                assertEquals(row.group(1), SwiftOperation.of(request).shownName());
                rows++;
            }
        }
        assertTrue(rows >= 15, "the page has lost its table: " + rows);
    }
}
