package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The objects of a container, page by page, in each form. Safe for use by many threads. */
final class ContainerListing {
    private final ObjectStore store;

    ContainerListing(ObjectStore store) {
        this.store = store;
    }

    List<Listing.Entry<ObjectVersion>> entries(Bucket bucket, ListingQuery query) {
        return new Listing<ObjectVersion>(
                        (after, limit) ->
                                page(
                                        bucket,
                                        query,
                                        store.view().list(listed(bucket, query, after, limit)),
                                        Utf8::compare),
                        (before, limit) ->
                                page(
                                        bucket,
                                        query,
                                        store.view().listBack(listed(bucket, query, before, limit)),
                                        (a, b) -> Utf8.compare(b, a)),
                        query)
                .entries();
    }

    private static ListQuery listed(
            Bucket bucket, ListingQuery query, @Nullable String after, int limit) {
        return new ListQuery(bucket.id(), query.prefix(), query.delimiter(), after, limit);
    }

    private Listing.Page<ObjectVersion> page(
            Bucket bucket, ListingQuery query, ListPage page, Comparator<String> order) {
        List<Listing.Entry<ObjectVersion>> entries = merged(page, order);
        if (query.itemsOnly()) {
            entries.replaceAll(entry -> entry.item() == null ? directory(bucket, entry) : entry);
        }
        return new Listing.Page<>(entries, page.next());
    }

    /** The object that stands for a directory: its name is what others were rolled up to. */
    private Listing.Entry<ObjectVersion> directory(
            Bucket bucket, Listing.Entry<ObjectVersion> entry) {
        ObjectVersion object =
                store.view()
                        .latest(bucket.id(), entry.name())
                        .filter(version -> !version.deleteMarker())
                        .orElse(null);
        return new Listing.Entry<>(entry.name(), object);
    }

    /** Keys and common prefixes come apart, each in order. */
    private static List<Listing.Entry<ObjectVersion>> merged(
            ListPage page, Comparator<String> order) {
        List<Listing.Entry<ObjectVersion>> entries = new ArrayList<>();
        int prefix = 0;
        for (ObjectVersion object : page.objects()) {
            while (prefix < page.commonPrefixes().size()
                    && order.compare(page.commonPrefixes().get(prefix), object.key()) < 0) {
                entries.add(new Listing.Entry<>(page.commonPrefixes().get(prefix++), null));
            }
            entries.add(new Listing.Entry<>(object.key(), object));
        }
        while (prefix < page.commonPrefixes().size()) {
            entries.add(new Listing.Entry<>(page.commonPrefixes().get(prefix++), null));
        }
        return entries;
    }

    static byte[] written(
            ListingFormat format,
            Bucket bucket,
            List<Listing.Entry<ObjectVersion>> entries,
            ListedObjects shown) {
        return switch (format) {
            case TEXT -> text(entries);
            case JSON -> json(entries, shown);
            case XML -> xml(bucket, entries);
        };
    }

    private static byte[] text(List<Listing.Entry<ObjectVersion>> entries) {
        StringBuilder out = new StringBuilder();
        entries.forEach(entry -> out.append(entry.name()).append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(List<Listing.Entry<ObjectVersion>> entries, ListedObjects shown) {
        JsonText json = new JsonText().startList();
        for (Listing.Entry<ObjectVersion> entry : entries) {
            ObjectVersion object = entry.item();
            if (object == null) {
                json.startObject().member("subdir", entry.name()).endObject();
            } else {
                shown.current(json, object);
            }
        }
        return json.endList().bytes();
    }

    private static String listedType(ObjectVersion object) {
        return ContentTypes.listed(ObjectHeaders.contentType(object));
    }

    private static byte[] xml(Bucket bucket, List<Listing.Entry<ObjectVersion>> entries) {
        StringBuilder out = new StringBuilder(XmlText.HEAD);
        out.append("<container name=").append(XmlText.quoted(bucket.name()));
        if (entries.isEmpty()) {
            return out.append(" />").toString().getBytes(StandardCharsets.UTF_8);
        }
        out.append('>');
        for (Listing.Entry<ObjectVersion> entry : entries) {
            ObjectVersion object = entry.item();
            if (object == null) {
                out.append("<subdir name=").append(XmlText.quoted(entry.name())).append('>');
                XmlText.element(out, "name", entry.name());
                out.append("</subdir>");
                continue;
            }
            out.append("<object>");
            XmlText.element(out, "name", object.key());
            XmlText.element(out, "hash", object.etag());
            XmlText.element(out, "bytes", Long.toString(ListedObjects.shownBytes(object)));
            XmlText.element(out, "content_type", listedType(object));
            XmlText.element(out, "last_modified", Times.iso(object.writtenMicros()));
            out.append("</object>");
        }
        return out.append("</container>").toString().getBytes(StandardCharsets.UTF_8);
    }
}
