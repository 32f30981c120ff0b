package io.varve.endpoint.swift;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes one page of a listing out of the pages of a source. Its cost depends on the page alone, but
 * for one in reverse of a source that can only go forwards: that reads what lies between its
 * markers.
 */
final class Listing<T> {
    private final Source<T> source;
    private final Source<T> back;
    private final ListingQuery query;

    /** One line: an item, or what several were rolled up to. */
    record Entry<T>(String name, @Nullable T item) {}

    /**
     * @param next where the source goes on; null at its end
     */
    record Page<T>(List<Entry<T>> entries, @Nullable String next) {}

    /** Gives entries by name, rolled up. */
    @FunctionalInterface
    interface Source<T> {
        /**
         * @param after only entries after this one; null from the start
         */
        Page<T> page(@Nullable String after, int limit);
    }

    /**
     * @param back gives entries from the last to the first, "after" being what they come before
     */
    Listing(Source<T> source, Source<T> back, ListingQuery query) {
        this.source = source;
        this.back = back;
        this.query = query;
    }

    List<Entry<T>> entries() {
        if (query.limit() == 0 || isNothingBetween()) {
            return List.of();
        }
        return inOrder(query.reverse() ? back : source);
    }

    private boolean isNothingBetween() {
        if (query.marker().isEmpty() || query.endMarker().isEmpty()) {
            return false;
        }
        int order = Utf8.compare(query.marker(), query.endMarker());
        return query.reverse() ? order <= 0 : order >= 0;
    }

    private List<Entry<T>> inOrder(Source<T> pages) {
        List<Entry<T>> entries = new ArrayList<>();
        String after = nullIfEmpty(query.marker());
        do {
            Page<T> page = pages.page(after, query.limit() - entries.size());
            for (Entry<T> entry : page.entries()) {
                if (isPastTheEnd(entry.name())) {
                    if (query.reverse() && rollsUpWithin(entry)) {
                        entries.add(entry);
                    }
                    return entries;
                }
                if (isShown(entry)) {
                    entries.add(entry);
                }
            }
            after = page.next();
        } while (after != null && entries.size() < query.limit());
        return entries;
    }

    private boolean isShown(Entry<T> entry) {
        return !query.itemsOnly() || (entry.item() != null && !entry.name().equals(query.prefix()));
    }

    private boolean isPastTheEnd(String name) {
        String end = query.endMarker();
        return query.reverse()
                ? !end.isEmpty() && Utf8.compare(name, end) <= 0
                : isBehind(name, end);
    }

    /**
     * Whether there is something under what was rolled up that is not past the end, although its
     * beginning is.
     */
    private boolean rollsUpWithin(Entry<T> entry) {
        String end = query.endMarker();
        if (entry.item() != null || end.equals(entry.name()) || !end.startsWith(entry.name())) {
            return false;
        }
        List<Entry<T>> first = source.page(end, 1).entries();
        return !first.isEmpty() && first.getFirst().name().equals(entry.name());
    }

    private static boolean isBehind(String name, String bound) {
        return !bound.isEmpty() && Utf8.compare(name, bound) >= 0;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
