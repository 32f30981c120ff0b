package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.OpaqueIds;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.VersionListPage;
import io.varve.projections.namespace.VersionListPage.ListedVersion;
import io.varve.projections.namespace.VersionListQuery;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * All versions in a container, by name and then from the newest on. Its cost depends on the page
 * alone, but for a listing in reverse, which reads everything before its marker. Safe for use by
 * many threads.
 */
final class VersionListing {
    private static final int REVERSE_PAGE = 1000;

    private final ObjectStore store;

    VersionListing(ObjectStore store) {
        this.store = store;
    }

    /** One line: a version, or what several names were rolled up to. */
    private record Line(String name, @Nullable ListedVersion version) {}

    static boolean isAsked(SwiftCall call) {
        return call.query().has("versions");
    }

    /**
     * @throws SwiftRefusal when the client takes nothing but other forms
     */
    static void requireJson(SwiftRequest request) {
        String format = request.query().first("format");
        boolean json =
                format != null
                        ? ListingFormat.of(request) == ListingFormat.JSON
                        : ListingFormat.accepts(request, "application/json");
        if (!json) {
            throw StatusPage.NOT_ACCEPTABLE.refusal();
        }
    }

    byte[] written(SwiftCall call, Bucket bucket, ListedObjects shown) {
        JsonText json = new JsonText().startList();
        for (Line line : lines(bucket, call.query())) {
            ListedVersion listed = line.version();
            if (listed == null) {
                json.startObject().member("subdir", line.name()).endObject();
                continue;
            }
            boolean current = listed.latest() && !listed.version().deleteMarker();
            shown.version(json, listed.version(), current, listed.latest());
        }
        return json.endList().bytes();
    }

    private List<Line> lines(Bucket bucket, SwiftQuery parameters) {
        ListingQuery query = ListingQuery.of(parameters);
        if (query.delimiter().chars().anyMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            throw StatusPage.BAD_REQUEST.refusal("invalid delimiter param");
        }
        VersionId marker = marker(bucket, query, parameters);
        if (query.limit() == 0) {
            return List.of();
        }
        return query.reverse() ? backwards(bucket, query, marker) : forwards(bucket, query, marker);
    }

    private @Nullable VersionId marker(Bucket bucket, ListingQuery query, SwiftQuery parameters) {
        if (!parameters.has("version_marker")) {
            return null;
        }
        if (!parameters.has("marker")) {
            throw StatusPage.BAD_REQUEST.refusal("version_marker param requires marker");
        }
        VersionId id =
                OpaqueIds.version(parameters.firstOrEmpty("version_marker"))
                        .orElseThrow(
                                () ->
                                        StatusPage.BAD_REQUEST.refusal(
                                                "invalid version_marker param"));
        if (!id.isNull()) {
            return id;
        }
        return store.view()
                .version(bucket.id(), query.marker(), id)
                .map(version -> new VersionId(version.position()))
                .orElse(null);
    }

    private List<Line> forwards(Bucket bucket, ListingQuery query, @Nullable VersionId marker) {
        List<Line> lines = new ArrayList<>();
        String after = query.marker().isEmpty() ? null : query.marker();
        VersionId version = marker;
        do {
            int limit = query.limit() - lines.size();
            VersionListPage page = page(bucket, query, after, version, limit);
            for (Line line : merged(page)) {
                if (isBehind(line.name(), query.endMarker())) {
                    return lines;
                }
                lines.add(line);
            }
            after = page.nextKey();
            version = page.nextVersion();
        } while (after != null && lines.size() < query.limit());
        return lines;
    }

    private List<Line> backwards(Bucket bucket, ListingQuery query, @Nullable VersionId marker) {
        ArrayDeque<Line> last = new ArrayDeque<>();
        String after = query.endMarker().isEmpty() ? null : query.endMarker();
        VersionId version = null;
        boolean more = true;
        while (more) {
            VersionListPage page = page(bucket, query, after, version, REVERSE_PAGE);
            after = page.nextKey();
            version = page.nextVersion();
            more = after != null;
            for (Line line : merged(page)) {
                if (reaches(line, query.marker(), marker)) {
                    more = false;
                    break;
                }
                last.addLast(line);
                if (last.size() > query.limit()) {
                    last.removeFirst();
                }
            }
        }
        List<Line> lines = new ArrayList<>(last);
        Collections.reverse(lines);
        return lines;
    }

    /** Whether a line is at the marker or behind it, from the beginning of the container. */
    private static boolean reaches(Line line, String marker, @Nullable VersionId version) {
        ListedVersion listed = line.version();
        if (version == null || listed == null || !line.name().equals(marker)) {
            return isBehind(line.name(), marker);
        }
        return listed.version().position() <= version.position();
    }

    private static boolean isBehind(String name, String bound) {
        return !bound.isEmpty() && Utf8.compare(name, bound) >= 0;
    }

    private VersionListPage page(
            Bucket bucket,
            ListingQuery query,
            @Nullable String after,
            @Nullable VersionId version,
            int limit) {
        return store.view()
                .listVersions(
                        new VersionListQuery(
                                bucket.id(),
                                query.prefix(),
                                query.delimiter(),
                                after,
                                version,
                                limit));
    }

    /** Versions and common prefixes come apart, each in order. */
    private static List<Line> merged(VersionListPage page) {
        List<Line> lines = new ArrayList<>();
        int prefix = 0;
        for (ListedVersion version : page.versions()) {
            String key = version.version().key();
            while (prefix < page.commonPrefixes().size()
                    && Utf8.compare(page.commonPrefixes().get(prefix), key) < 0) {
                lines.add(new Line(page.commonPrefixes().get(prefix++), null));
            }
            lines.add(new Line(key, version));
        }
        while (prefix < page.commonPrefixes().size()) {
            lines.add(new Line(page.commonPrefixes().get(prefix++), null));
        }
        return lines;
    }
}
