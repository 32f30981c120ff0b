package io.varve.endpoint.crossprotocol;

import java.util.List;

/**
 * The rows of one direction.
 *
 * @param columns the heads of the columns after the first
 * @param byS3 whether S3 makes the bucket of each row, or Swift
 */
record Matrix(
        String title, String introduction, List<String> columns, boolean byS3, List<Row> rows) {
    static final int CELLS = 4;

    static final List<String> S3_FIRST =
            List.of("written through S3", "seen by Swift", "changed by Swift", "seen by S3");
    static final List<String> SWIFT_FIRST =
            List.of("written through Swift", "seen by S3", "changed by S3", "seen by Swift");

    /**
     * Carries all out, each row in a bucket of its own.
     *
     * @param prefix of the buckets' names
     * @return the section of the page
     */
    String run(TwoProtocols both, String prefix) {
        StringBuilder out = new StringBuilder("## " + title + "\n\n" + introduction + "\n\n");
        out.append("| | ").append(String.join(" | ", columns)).append(" |\n");
        out.append("|---".repeat(CELLS + 1)).append("|\n");
        for (int i = 0; i < rows.size(); i++) {
            String bucket = "%s-row%02d".formatted(prefix, i);
            (byS3 ? Step.s3("PUT", "~") : Step.swift("PUT", "~")).run(both, bucket, "bucket");
            out.append(rows.get(i).run(both, bucket)).append('\n');
        }
        return out.toString();
    }
}
