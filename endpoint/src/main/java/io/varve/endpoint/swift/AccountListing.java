package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.NamespaceView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The containers of an account, page by page, in each form. Safe for use by many threads. */
final class AccountListing {
    /** Sorts after nearly everything that begins with the same. */
    private static final String LAST = "\uDBFF\uDFFF";

    private final ObjectStore store;

    AccountListing(ObjectStore store) {
        this.store = store;
    }

    List<Listing.Entry<Bucket>> entries(String account, ListingQuery query) {
        return new Listing<Bucket>(
                        (after, limit) -> page(account, query, after, limit, false),
                        (before, limit) -> page(account, query, before, limit, true),
                        query)
                .entries();
    }

    private Listing.Page<Bucket> page(
            String account, ListingQuery query, @Nullable String bound, int limit, boolean back) {
        NamespaceView view = store.view();
        List<Bucket> found =
                back
                        ? view.bucketsBack(account, query.prefix(), bound, limit + 1)
                        : view.buckets(account, query.prefix(), bound, limit + 1);
        boolean more = found.size() > limit;
        List<Listing.Entry<Bucket>> entries = new ArrayList<>();
        String next = null;
        for (Bucket bucket : more ? found.subList(0, limit) : found) {
            next = bucket.name();
            String common = commonPrefix(bucket.name(), query);
            if (common == null) {
                entries.add(new Listing.Entry<>(bucket.name(), bucket));
                continue;
            }
            // Whatever else begins with it lies between it and what is behind all of it.
            String beyond = back ? common : common + LAST;
            if (!back && beyond.equals(bound)) {
                continue;
            }
            if (!common.equals(bound)) {
                entries.add(new Listing.Entry<>(common, null));
            }
            next = beyond;
            more = true;
            break;
        }
        return new Listing.Page<>(entries, more ? next : null);
    }

    private static @Nullable String commonPrefix(String name, ListingQuery query) {
        if (query.delimiter().isEmpty()) {
            return null;
        }
        int at = name.indexOf(query.delimiter(), query.prefix().length());
        return at < 0 ? null : name.substring(0, at + query.delimiter().length());
    }

    static byte[] written(
            ListingFormat format, String account, List<Listing.Entry<Bucket>> entries) {
        return switch (format) {
            case TEXT -> text(entries);
            case JSON -> json(entries);
            case XML -> xml(account, entries);
        };
    }

    private static byte[] text(List<Listing.Entry<Bucket>> entries) {
        StringBuilder out = new StringBuilder();
        entries.forEach(entry -> out.append(entry.name()).append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(List<Listing.Entry<Bucket>> entries) {
        JsonText json = new JsonText().startList();
        for (Listing.Entry<Bucket> entry : entries) {
            Bucket bucket = entry.item();
            if (bucket == null) {
                json.startObject().member("subdir", entry.name()).endObject();
                continue;
            }
            json.startObject()
                    .member("name", bucket.name())
                    .member("count", bucket.objectCount())
                    .member("bytes", bucket.sizeBytes() + bucket.versionBytes())
                    .member("last_modified", Times.iso(bucket.createdMicros()))
                    .endObject();
        }
        return json.endList().bytes();
    }

    private static byte[] xml(String account, List<Listing.Entry<Bucket>> entries) {
        StringBuilder out = new StringBuilder(XmlText.HEAD);
        out.append("<account name=").append(XmlText.quoted(account)).append(">\n");
        for (Listing.Entry<Bucket> entry : entries) {
            Bucket bucket = entry.item();
            if (bucket == null) {
                out.append("<subdir name=").append(XmlText.quoted(entry.name())).append(" />\n");
                continue;
            }
            out.append("<container>");
            XmlText.element(out, "name", bucket.name());
            XmlText.element(out, "count", Long.toString(bucket.objectCount()));
            XmlText.element(
                    out, "bytes", Long.toString(bucket.sizeBytes() + bucket.versionBytes()));
            XmlText.element(out, "last_modified", Times.iso(bucket.createdMicros()));
            out.append("</container>\n");
        }
        return out.append("</account>").toString().getBytes(StandardCharsets.UTF_8);
    }
}
