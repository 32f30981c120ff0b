package io.varve.endpoint.s3;

/** The numbers of parts: 1 to 10,000. */
final class PartNumbers {
    static final int MAX = 10_000;

    private PartNumbers() {}

    static int parse(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like one out of range.
        }
        throw S3Refusal.invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive",
                "partNumber",
                text);
    }
}
