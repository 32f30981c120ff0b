package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** {@code varve journal} on two mirrors that a journal of this process has open. */
final class JournalCommandTest {
    @TempDir Path data;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();
    private List<Path> mirrors = List.of();
    private ChronicleJournal journal;

    @BeforeEach
    void write() throws IOException {
        mirrors = List.of(data.resolve("one"), data.resolve("two"));
        Files.writeString(
                data.resolve("varve.conf"),
                "data.directory = %s\njournal.directories = %s, %s\n"
                        .formatted(data, mirrors.get(0), mirrors.get(1)));
        journal = ChronicleJournal.open(JournalConfig.of(mirrors, new UUID(1, 2)));
        append(new BucketChange.CreateBucket("photos", "root"));
        append(new BucketChange.CreateBucket("music", "root"));
        append(delete(1, "a photo"));
        append(delete(2, "a song"));
        append(new BucketChange.DeleteBucket(1));
    }

    private void append(Change change) {
        journal.append(new Draft(new RequestId(1, 2), "root", change)).join();
    }

    private static Change delete(long bucketId, String key) {
        return new ObjectChange.DeleteObject(bucketId, key, null, Precondition.NONE);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void catPrintsTheRecordsOfARange() {
        assertEquals(0, execute("cat --from 2 --to 4"), err::toString);
        assertEquals(List.of("2", "3", "4"), firstWords());
        assertTrue(out.toString().contains("DeleteObject bucket=1 key=\"a photo\""), out::toString);
        journal.close();
        String whileOpen = out.toString();
        assertEquals(0, execute("cat --from 2 --to 4"), err::toString);
        assertEquals(whileOpen, out.toString());
    }

    @Test
    void catPrintsTheRecordsOfABucket() {
        assertEquals(0, execute("cat --bucket photos"), err::toString);
        assertEquals(List.of("1", "3", "5"), firstWords());
        assertEquals(0, execute("cat --bucket id:2 --from 3"), err::toString);
        assertEquals(List.of("4"), firstWords());
    }

    @Test
    void catPrintsJson() {
        assertEquals(0, execute("cat --json --from 4"), err::toString);
        List<String> lines = out.toString().lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().startsWith("{\"position\":4,"), lines::toString);
        assertTrue(lines.getFirst().contains("\"key\":\"a song\""), lines::toString);
    }

    @Test
    void positionSaysWhereEachMirrorEnds() {
        assertEquals(0, execute("position"), err::toString);
        for (Path mirror : mirrors) {
            assertTrue(out.toString().contains(mirror + ": position 5\n"), out::toString);
        }
        assertTrue(out.toString().contains("\nagreed: position 5, last record 2"), out::toString);
        assertEquals(0, execute("position --json"), err::toString);
        assertTrue(out.toString().startsWith("{\"agreedPosition\":5,\"position\":5,"));
    }

    @Test
    void verifySaysWhatWasRead() {
        assertEquals(0, execute("verify"), err::toString);
        for (Path mirror : mirrors) {
            assertTrue(
                    out.toString().contains(mirror + ": 5 records intact, positions 1 to 5, "),
                    out::toString);
        }
        assertTrue(out.toString().endsWith("positions 1 to 5: intact\n"), out::toString);
    }

    @Test
    void verifyFindsATurnedBit() throws IOException {
        journal.close();
        Path file = damage(mirrors.get(1));
        assertEquals(1, execute("verify"));
        String found = "  position 3: checksum mismatch (file %s, offset ".formatted(file);
        assertTrue(out.toString().contains(found), out::toString);
        assertTrue(out.toString().endsWith("positions 1 to 5: DAMAGED\n"), out::toString);

        assertEquals(1, execute("verify --json"));
        assertTrue(out.toString().startsWith("{\"intact\":false,"), out::toString);
        assertEquals(1, execute("position"));
        assertTrue(out.toString().contains(mirrors.get(1) + ": position 2, damaged: "));

        assertEquals(0, execute("cat"), "the other mirror has all");
        assertEquals(List.of("1", "2", "3", "4", "5"), firstWords());
    }

    /** Turns a bit in the only record about a photo. */
    private static Path damage(Path mirror) throws IOException {
        try (Stream<Path> files = Files.walk(mirror)) {
            Path file =
                    files.filter(each -> each.toString().endsWith(".cq4"))
                            .findFirst()
                            .orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("a photo");
            bytes[at] ^= 1;
            Files.write(file, bytes);
            return file;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cat --from 0 | 2 | positions start at 1",
                "verify --from 5 --to 4 | 2 | --to is below --from",
                "position --from 1 | 2 | --from",
                "cat --to x | 2 | --to",
                "verify --data /nowhere/at/all | 1 | no site here: /nowhere/at/all",
            })
    void saysWhatIsWrong(String command, int code, String message) {
        assertEquals(code, execute(command));
        assertTrue(err.toString().contains(message), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void asksWhichCommandIsMeant() {
        assertEquals(2, run("journal"));
        assertTrue(
                err.toString().contains("cat, verify, position, archive or migrate?"),
                err::toString);
    }

    private List<String> firstWords() {
        return out.toString().lines().map(line -> line.substring(0, line.indexOf(' '))).toList();
    }

    private int execute(String options) {
        List<String> args = new ArrayList<>(List.of("journal"));
        args.addAll(List.of(options.split(" ", -1)));
        args.addAll(List.of("--config", data.resolve("varve.conf").toString()));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        out = new StringWriter();
        err = new StringWriter();
        return VarveMain.commandLine(args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
