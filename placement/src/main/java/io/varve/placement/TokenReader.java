package io.varve.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text map, one after the other, with their lines. Braces and brackets are words of
 * their own; comments run from {@code #} to the end of the line. Single-threaded.
 */
final class TokenReader {
    /** A word and the line it stands on; the empty word stands for the end of the text. */
    record Token(String text, int line) {}

    private static final Pattern WORD = Pattern.compile("[{}\\[\\]]|[^{}\\[\\]\\s]+");
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,20}");
    private static final int SHOWN_LENGTH_MAX = 60;

    private final List<Token> tokens = new ArrayList<>();
    private int next;

    TokenReader(String text) {
        int lineNumber = 0;
        for (String line : text.lines().toList()) {
            lineNumber++;
            int comment = line.indexOf('#');
            Matcher words = WORD.matcher(comment < 0 ? line : line.substring(0, comment));
            while (words.find()) {
                tokens.add(new Token(words.group(), lineNumber));
            }
        }
        tokens.add(new Token("", Math.max(lineNumber, 1)));
    }

    boolean atEnd() {
        return next == tokens.size() - 1;
    }

    /** The line of the word that comes next. */
    int line() {
        return tokens.get(next).line();
    }

    boolean nextIs(String word) {
        return tokens.get(next).text().equals(word);
    }

    /** Takes the next word if it is this one. */
    boolean skip(String word) {
        if (nextIs(word)) {
            next++;
            return true;
        }
        return false;
    }

    void expect(String word) {
        if (!skip(word)) {
            throw unexpected("'" + word + "'");
        }
    }

    /** Takes the next word, which must be there and be no brace or bracket. */
    String word(String meaning) {
        String text = tokens.get(next).text();
        if (text.isEmpty() || "{}[]".contains(text)) {
            throw unexpected(meaning);
        }
        next++;
        return text;
    }

    int integer(String meaning, int min, int max) {
        return Math.toIntExact(longInteger(meaning, min, max));
    }

    long longInteger(String meaning, long min, long max) {
        int line = line();
        String text = word(meaning);
        if (!INTEGER.matcher(text).matches()) {
            throw new CrushMapException(line, meaning + " must be a number, not " + shown(text));
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Twenty digits: out of any range, as reported below.
        }
        throw new CrushMapException(
                line, "%s must be %d to %d, not %s".formatted(meaning, min, max, shown(text)));
    }

    Weight weight(String meaning) {
        int line = line();
        String text = word(meaning);
        try {
            return Weight.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CrushMapException(
                    line, meaning + " must be 0 to 65535.99, not " + shown(text));
        }
    }

    CrushMapException unexpected(String wanted) {
        String text = tokens.get(next).text();
        String found = text.isEmpty() ? "the end of the text" : shown(text);
        return new CrushMapException(line(), "expected " + wanted + ", found " + found);
    }

    private static String shown(String text) {
        String cut = text.length() > SHOWN_LENGTH_MAX ? text.substring(0, SHOWN_LENGTH_MAX) : text;
        return "'" + cut + "'";
    }
}
