package io.varve.endpoint.swift;

/**
 * What of a listing is asked for. An empty string is none.
 *
 * @param delimiter names that hold it after the prefix are rolled up
 * @param marker only what comes after it in the order of the listing
 * @param endMarker only what comes before it in the order of the listing
 * @param itemsOnly what is rolled up is left out, and an item with the name of the prefix itself
 */
record ListingQuery(
        String prefix,
        String delimiter,
        String marker,
        String endMarker,
        int limit,
        boolean reverse,
        boolean itemsOnly) {

    static ListingQuery of(SwiftQuery query) {
        int limit = limit(query.firstOrEmpty("limit"));
        String marker = query.firstOrEmpty("marker");
        String endMarker = query.firstOrEmpty("end_marker");
        boolean reverse = query.isTrue("reverse");
        String path = query.first("path");
        if (path != null) {
            String prefix = path.isEmpty() ? "" : path.replaceFirst("/+$", "") + "/";
            return new ListingQuery(prefix, "/", marker, endMarker, limit, reverse, true);
        }
        return new ListingQuery(
                query.firstOrEmpty("prefix"),
                query.firstOrEmpty("delimiter"),
                marker,
                endMarker,
                limit,
                reverse,
                false);
    }

    /** What is no number is no limit; what is too large is refused. */
    private static int limit(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Limits.LISTING_LIMIT;
        }
        int limit = text.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(text);
        if (limit > Limits.LISTING_LIMIT) {
            throw StatusPage.PRECONDITION_FAILED.refusal(
                    "Maximum limit is " + Limits.LISTING_LIMIT);
        }
        return limit;
    }
}
