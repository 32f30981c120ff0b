package io.varve.perf;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.varve.perf.SourceTree.SourceFile;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules on the text of the tree that neither the formatter nor the compiler can keep. */
final class HouseRulesTest {
    private static final int MAX_FILE_LINES = 800;
    private static final int MAX_METHOD_LINES = 70;
    private static final int MAX_COLUMNS = 100;

    /** Names that say nothing about what a type or package is for. */
    private static final Pattern EMPTY_TYPE_NAME =
            Pattern.compile(".*(Manager|Helper|Utils?|Impl|Base|Data|Info)");

    private static final Set<String> EMPTY_PACKAGE_NAMES =
            Set.of("util", "utils", "common", "core", "impl", "helper", "helpers", "misc", "base");

    // Put together from halves so that this file does not break its own rules.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");
    private static final Pattern PLACE =
            Pattern.compile(
                    "(?<![\\w.])/(wo"
                            + "rk|ro"
                            + "ot|fa"
                            + "rm)/"
                            + "|repo1?\\.ma"
                            + "ven|deb\\.de"
                            + "bian|registry\\.np"
                            + "mjs");
    private static final Pattern SLEEP = Pattern.compile("\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\(");
    private static final Pattern DISABLED = Pattern.compile("@Disabled\\b");

    private final List<SourceFile> files = SourceTree.read();

    @Test
    void findsTheTreeItChecks() {
        Set<String> found =
                files.stream().map(file -> file.path().toString()).collect(Collectors.toSet());

        assertTrue(found.contains("pom.xml"), () -> "found " + found);
        assertTrue(
                found.contains("endpoint/src/main/java/io/varve/endpoint/cli/VarveMain.java"),
                () -> "found " + found);
    }

    @Test
    void filesStayShort() {
        check(
                java(),
                file -> {
                    int lines = file.lines().size();
                    return lines > MAX_FILE_LINES ? List.of(lines + " lines") : List.of();
                });
    }

    @Test
    void methodsStayShort() {
        check(
                java(),
                file ->
                        JavaText.of(file.text()).methods().stream()
                                .filter(method -> method.lines() > MAX_METHOD_LINES)
                                .map(method -> method.line() + ": " + method.lines() + " lines")
                                .toList());
    }

    @Test
    void linesStayNarrow() {
        checkLines(
                java(),
                line -> line.length() > MAX_COLUMNS && !line.startsWith("import "),
                // A text block has the width of the page that it prints.
                file -> file.text().replaceAll("(?s)\"\"\".*?\"\"\"", "\"\""));
    }

    @Test
    void namesSayWhatAThingIsFor() {
        check(
                java(),
                file ->
                        JavaText.of(file.text()).typeNames().stream()
                                .filter(EMPTY_TYPE_NAME.asMatchPredicate())
                                .toList());
        check(
                java(),
                file ->
                        Stream.of(String.valueOf(file.path().getParent()).split("/"))
                                .filter(EMPTY_PACKAGE_NAMES::contains)
                                .toList());
    }

    @Test
    void everyPackageSaysThatNullIsMarked() {
        Set<Path> marked =
                java().filter(file -> file.path().endsWith("package-info.java"))
                        .filter(file -> file.text().contains("@NullMarked"))
                        .map(file -> file.path().getParent())
                        .collect(Collectors.toSet());
        check(
                java().filter(file -> !file.isTest()),
                file ->
                        marked.contains(file.path().getParent())
                                ? List.of()
                                : List.of("no package-info.java with @NullMarked"));
    }

    @Test
    void nothingIsLeftUnfinished() {
        checkLines(all(), UNFINISHED.asPredicate(), SourceFile::text);
    }

    @Test
    void namesNoMachineAndNoRegistry() {
        checkLines(all(), PLACE.asPredicate(), SourceFile::text);
    }

    @Test
    void textHasNoTabs() {
        // Files under test resources are as their makers wrote them.
        Stream<SourceFile> ours =
                all().filter(file -> !file.path().toString().contains("/src/test/resources/"));
        checkLines(ours, line -> line.contains("\t"), SourceFile::text);
    }

    @Test
    void testsDoNotSleep() {
        checkLines(tests(), SLEEP.asPredicate(), file -> JavaText.of(file.text()).code());
    }

    @Test
    void testsAreNotSwitchedOff() {
        checkLines(tests(), DISABLED.asPredicate(), file -> JavaText.of(file.text()).code());
    }

    private Stream<SourceFile> all() {
        return files.stream();
    }

    private Stream<SourceFile> java() {
        return all().filter(SourceFile::isJava);
    }

    private Stream<SourceFile> tests() {
        return java().filter(SourceFile::isTest);
    }

    private static void checkLines(
            Stream<SourceFile> files,
            Predicate<String> offends,
            Function<SourceFile, String> text) {
        check(
                files,
                file -> {
                    List<String> lines = text.apply(file).lines().toList();
                    List<String> found = new ArrayList<>();
                    for (int i = 0; i < lines.size(); i++) {
                        if (offends.test(lines.get(i))) {
                            found.add((i + 1) + ": " + lines.get(i).strip());
                        }
                    }
                    return found;
                });
    }

    private static void check(
            Stream<SourceFile> files, Function<SourceFile, List<String>> offences) {
        List<String> found =
                files.flatMap(
                                file ->
                                        offences.apply(file).stream()
                                                .map(offence -> file.path() + ":" + offence))
                        .toList();
        if (!found.isEmpty()) {
            fail(String.join("\n", found));
        }
    }
}
