package io.varve.journal.chronicle;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * What a verification found.
 *
 * @param fromPosition the first position that was looked at
 * @param toPosition the last one
 * @param mirrors one report for each directory
 */
public record VerifyReport(long fromPosition, long toPosition, List<MirrorReport> mirrors) {

    public VerifyReport {
        mirrors = List.copyOf(mirrors);
    }

    /**
     * What was found in one directory.
     *
     * @param recordCount how many records are intact and in place
     * @param byteCount how long they are, their headers included
     * @param cycleCount how many cycle files they are in
     * @param firstPosition the first of these records, 0 when there is none
     * @param lastPosition the last of them
     * @param chain the chain hash at the end of the range, in hexadecimal; empty when it is not
     *     reached
     * @param problems what is not as it should be, in order of positions
     */
    public record MirrorReport(
            Path directory,
            long recordCount,
            long byteCount,
            int cycleCount,
            long firstPosition,
            long lastPosition,
            String chain,
            List<Problem> problems) {
        public MirrorReport {
            problems = List.copyOf(problems);
        }

        /** A directory that holds nothing that could be looked at. */
        static MirrorReport absent(Path directory, String reason) {
            return new MirrorReport(
                    directory, 0, 0, 0, 0, 0, "", List.of(new Problem(directory, 1, 0, reason)));
        }

        MirrorReport withProblems(List<Problem> newProblems) {
            return new MirrorReport(
                    directory,
                    recordCount,
                    byteCount,
                    cycleCount,
                    firstPosition,
                    lastPosition,
                    chain,
                    newProblems);
        }
    }

    /**
     * @param position of the first record that cannot be read here
     * @param offset in the file
     */
    public record Problem(Path file, long position, long offset, String reason) {}

    /** Whether every mirror holds every record, and all hold the same ones. */
    public boolean isIntact() {
        return mirrors.stream().allMatch(mirror -> mirror.problems().isEmpty())
                && mirrors.stream().map(MirrorReport::chain).distinct().count() <= 1;
    }

    static String hex(byte[] chain) {
        return HexFormat.of().formatHex(chain);
    }
}
