package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The matrix of both protocols: each row is carried out and checked, and the page in the repository
 * is what the run says.
 */
final class CrossProtocolTest {
    private static final Path PAGE = Path.of("../docs/cross-protocol.md");

    @TempDir Path directory;

    @Test
    void whatOneWritesTheOtherReadsAndChangesAsThePageSays() throws IOException {
        String page = CrossProtocolPage.render(directory, matrices());
        if (Boolean.getBoolean("varve.rewrite.docs")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(
                page,
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                "make it anew as its first lines say");
    }

    private static List<Matrix> matrices() {
        return List.of(
                ObjectsFromS3.matrix(),
                ObjectsFromSwift.matrix(),
                BucketsFromS3.matrix(),
                ContainersFromSwift.matrix(),
                AccountsFromSwift.matrix());
    }
}
