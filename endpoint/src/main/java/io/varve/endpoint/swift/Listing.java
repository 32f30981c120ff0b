package io.varve.endpoint.swift;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes one page of a listing out of a source that can only go forwards. Its cost depends on the
 * page alone, but for a listing in reverse, which reads what lies between its markers.
 */
final class Listing<T> {
    private static final int REVERSE_PAGE = 1000;

    private final Source<T> source;
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

    Listing(Source<T> source, ListingQuery query) {
        this.source = source;
        this.query = query;
    }

    List<Entry<T>> entries() {
        if (query.limit() == 0) {
            return List.of();
        }
        return query.reverse() ? backwards() : forwards();
    }

    private List<Entry<T>> forwards() {
        List<Entry<T>> entries = new ArrayList<>();
        String after = nullIfEmpty(query.marker());
        do {
            Page<T> page = source.page(after, query.limit() - entries.size());
            for (Entry<T> entry : page.entries()) {
                if (isBehind(entry.name(), query.endMarker())) {
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

    private List<Entry<T>> backwards() {
        ArrayDeque<Entry<T>> last = new ArrayDeque<>();
        String after = nullIfEmpty(query.endMarker());
        do {
            Page<T> page = source.page(after, REVERSE_PAGE);
            after = page.next();
            for (Entry<T> entry : page.entries()) {
                if (isBehind(entry.name(), query.marker())) {
                    after = null;
                    break;
                }
                if (isShown(entry)) {
                    last.addLast(entry);
                    if (last.size() > query.limit()) {
                        last.removeFirst();
                    }
                }
            }
        } while (after != null);
        List<Entry<T>> entries = new ArrayList<>(last);
        Collections.reverse(entries);
        return entries;
    }

    private boolean isShown(Entry<T> entry) {
        return !query.itemsOnly() || (entry.item() != null && !entry.name().equals(query.prefix()));
    }

    private static boolean isBehind(String name, String bound) {
        return !bound.isEmpty() && Utf8.compare(name, bound) >= 0;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
