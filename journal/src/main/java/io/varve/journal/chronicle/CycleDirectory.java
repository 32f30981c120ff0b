package io.varve.journal.chronicle;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a cycle is: a directory that holds one queue of one file. The queue library names a file of
 * a daily queue by its day; the day is the cycle's number counted from 1970 and means nothing else,
 * so that a cycle has the same name wherever and whenever it is written.
 *
 * @param number the cycle's number, gapless from 1
 * @param directory {@code cycle-000000000001}
 */
record CycleDirectory(long number, Path directory) {
    private static final Pattern NAME = Pattern.compile("cycle-(\\d{12,18})");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd");

    static CycleDirectory of(Path mirror, long number) {
        return new CycleDirectory(number, mirror.resolve("cycle-%012d".formatted(number)));
    }

    /** All cycle directories of a mirror, in order of their numbers. */
    static List<CycleDirectory> list(Path mirror) throws IOException {
        List<CycleDirectory> cycles = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(mirror)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    cycles.add(new CycleDirectory(Long.parseLong(name.group(1)), entry));
                }
            }
        }
        cycles.sort(Comparator.comparingLong(CycleDirectory::number));
        return cycles;
    }

    /** The file with the records, whether or not it is there. */
    Path file() {
        return directory.resolve(DAY.format(LocalDate.ofEpochDay(number)) + ".cq4");
    }

    /** What the queue's clock says in this cycle. */
    long queueTimeMs() {
        return TimeUnit.DAYS.toMillis(number);
    }
}
