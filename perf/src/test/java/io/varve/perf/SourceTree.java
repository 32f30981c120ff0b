package io.varve.perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The text files of the tree, without what is built, kept by tools, or stored by a server. */
final class SourceTree {
    private static final Set<String> SKIPPED = Set.of("target", ".git", ".idea", "varve-data");
    private static final Set<String> TEXT =
            Set.of(
                    "css",
                    "html",
                    "java",
                    "js",
                    "json",
                    "md",
                    "options",
                    "properties",
                    "proto",
                    "sh",
                    "txt",
                    "xml",
                    "yml",
                    "yaml",
                    "");

    /** One file: its path from the top of the tree, and its text. */
    record SourceFile(Path path, String text) {
        boolean isJava() {
            return path.toString().endsWith(".java");
        }

        boolean isTest() {
            return path.toString().contains("/src/test/");
        }

        List<String> lines() {
            return text.lines().toList();
        }
    }

    private SourceTree() {}

    static List<SourceFile> read() {
        Path top = top();
        List<SourceFile> files = new ArrayList<>();
        try {
            Files.walkFileTree(
                    top,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return SKIPPED.contains(String.valueOf(folder.getFileName()))
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            if (TEXT.contains(extension(file))) {
                                files.add(new SourceFile(top.relativize(file), text(file)));
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The folder that holds all modules, from wherever in it the tests run. */
    static Path top() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("bin/launch.sh"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("not run inside the source tree");
            }
        }
        return folder;
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
