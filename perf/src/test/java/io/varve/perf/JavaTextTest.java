package io.varve.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.util.List;

final class JavaTextTest {
    private static final String SOURCE =
            """
            /* class InAComment { */
            record Point(int x, int y) {
                static final int[] ODD = {1, 3};

                Point {
                    check("}", '{', x);
                }

                Runnable task() {
                    return new Runnable() {
                        @Override
                        public void run() {}
                    };
                }

                int sum() { // {
                    if (x > y) {
                        return x;
                    }
                    return x + y;
                }
            }
            """;

    @Test
    void findsTheLinesEachMethodTakes() {
        List<String> found =
                JavaText.of(SOURCE).methods().stream()
                        .map(m -> lastLine(m.header()) + ":" + m.line() + "+" + m.lines())
                        .toList();

        assertEquals(
                List.of(
                        "Point:5+3",
                        "public void run():12+1",
                        "Runnable task():9+6",
                        "int sum():16+6"),
                found);
    }

    @Test
    void findsTypesInCodeOnly() {
        assertEquals(List.of("Point"), JavaText.of(SOURCE).typeNames());
    }

    @Test
    void blanksLiteralsAndKeepsLines() {
        JavaText text =
                JavaText.of(
                        "a(\"sleep \\\" sleep\"); // sleep\nb('\\'', \"\"\"\n sleep\n\"\"\");\n");

        assertFalse(text.code().contains("sleep"));
        assertEquals(4, text.code().lines().count());
    }

    private static String lastLine(String header) {
        return header.substring(header.lastIndexOf('\n') + 1).strip();
    }
}
