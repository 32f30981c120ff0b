package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.HttpHeaders;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conversations with S3 word for word: what clients in the field parse must not change unseen.
 *
 * <p>Lines of a transcript that begin with {@code >} are sent ({@code > METHOD target}, headers,
 * {@code > | body}); those with {@code <} must come back. {@code $1}, {@code $2}… stand for the ids
 * that came before. With {@code -Dtranscripts.write=true} the answers are written anew.
 */
class S3TranscriptTest {
    private static final Path FOLDER =
            Path.of("src/test/resources/io/varve/endpoint/s3/transcripts");
    private static final Pattern WIRE_ID = Pattern.compile("\\b[01][0-9a-v]{19}\\b");

    private final TestClient client = new TestClient(new InMemoryStore());
    private final List<String> ids = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "buckets",
                "objects",
                "listings",
                "versions",
                "multipart",
                "copies",
                "errors"
            })
    void answersAsWritten(String name) throws IOException {
        Path file = FOLDER.resolve(name + ".txt");
        List<String> written = Files.readAllLines(file);
        List<String> actual = new ArrayList<>();
        List<String> request = new ArrayList<>();
        for (String line : written) {
            if (line.startsWith(">")) {
                request.add(line);
                actual.add(line);
            } else if (!line.startsWith("<")) {
                actual.addAll(answer(request));
                actual.add(line);
                request.clear();
            }
        }
        actual.addAll(answer(request));
        if (Boolean.getBoolean("transcripts.write")) {
            Files.write(file, actual);
        }
        assertEquals(String.join("\n", written), String.join("\n", actual));
    }

    private List<String> answer(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        String[] first = withIds(lines.getFirst().substring(2)).split(" ", 2);
        TestClient.Request request = client.request(first[0], first[1]);
        StringBuilder body = new StringBuilder();
        boolean hasBody = false;
        for (String line : lines.subList(1, lines.size())) {
            String text = withIds(line.substring(2));
            if (text.startsWith("|")) {
                hasBody = true;
                body.append(text.substring(Math.min(2, text.length())));
            } else {
                String[] header = text.split(": ", 2);
                request.header(header[0], header[1]);
            }
        }
        if (hasBody) {
            request.body(body.toString());
        }
        return shown(request.send());
    }

    private String withIds(String text) {
        String replaced = text;
        for (int i = ids.size(); i > 0; i--) {
            replaced = replaced.replace("$" + i, ids.get(i - 1));
        }
        return replaced;
    }

    private List<String> shown(Answer answer) {
        List<String> lines = new ArrayList<>();
        lines.add("< " + answer.status());
        for (HttpHeaders.Field field : answer.headers().fields()) {
            lines.add("< " + field.name() + ": " + withoutIds(field.value()));
        }
        for (String line : answer.text().replace("><", ">\n<").split("\n")) {
            if (!line.isEmpty()) {
                lines.add("< | " + withoutIds(line));
            }
        }
        return lines;
    }

    private String withoutIds(String text) {
        Matcher matcher = WIRE_ID.matcher(text);
        return matcher.replaceAll(
                found -> {
                    if (!ids.contains(found.group())) {
                        ids.add(found.group());
                    }
                    return "\\$" + (ids.indexOf(found.group()) + 1);
                });
    }
}
