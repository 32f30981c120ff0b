package io.varve.perf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java source seen as text: without its comments and literals, and with the lines each method
 * takes. A scanner of braces, not a parser: enough for house rules on formatted code.
 */
final class JavaText {
    private static final Pattern COMMENTS_AND_LITERALS =
            Pattern.compile(
                    "/\\*.*?\\*/|//[^\\n]*|\"\"\".*?(?<!\\\\)\"\"\""
                            + "|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])+'",
                    Pattern.DOTALL);
    private static final Pattern TYPE =
            Pattern.compile("\\b(?:class|interface|enum|record)\\s+([A-Z]\\w*)");
    private static final Pattern ANONYMOUS_TYPE =
            Pattern.compile("\\bnew\\s+[\\w.<>,?\\s]+\\(.*\\)\\s*$", Pattern.DOTALL);

    /** A method, constructor or initializer: where it is declared and how many lines it takes. */
    record Method(String header, int line, int lines) {}

    private enum Block {
        TYPE,
        METHOD,
        OTHER
    }

    private record Open(Block block, String header, int line) {}

    private final String code;

    private JavaText(String code) {
        this.code = code;
    }

    static JavaText of(String source) {
        String code =
                COMMENTS_AND_LITERALS.matcher(source).replaceAll(match -> blank(match.group()));
        return new JavaText(code);
    }

    /** The source with comments and literals blanked out, line by line as it was. */
    String code() {
        return code;
    }

    List<String> typeNames() {
        List<String> names = new ArrayList<>();
        Matcher matcher = TYPE.matcher(code);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        Deque<Open> open = new ArrayDeque<>();
        int headerStart = 0;
        int line = 1;
        for (int at = 0; at < code.length(); at++) {
            switch (code.charAt(at)) {
                case '\n' -> line++;
                case ';' -> headerStart = at + 1;
                case '{' -> {
                    String header = code.substring(headerStart, at).strip();
                    open.push(new Open(blockOf(header, open.peek()), header, line));
                    headerStart = at + 1;
                }
                case '}' -> {
                    Open closed = open.pop();
                    if (closed.block == Block.METHOD) {
                        int lines = line - closed.line + 1;
                        methods.add(new Method(closed.header, closed.line, lines));
                    }
                    headerStart = at + 1;
                }
                default -> {}
            }
        }
        return methods;
    }

    private static Block blockOf(String header, @Nullable Open parent) {
        if (TYPE.matcher(header).find() || ANONYMOUS_TYPE.matcher(header).find()) {
            return Block.TYPE;
        }
        boolean member = parent != null && parent.block == Block.TYPE && !header.contains("=");
        return member ? Block.METHOD : Block.OTHER;
    }

    private static String blank(String text) {
        return text.replaceAll("[^\\n]", " ");
    }
}
