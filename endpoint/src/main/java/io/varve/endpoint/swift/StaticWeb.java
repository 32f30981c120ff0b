package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as a web site, for whoever comes without a token: index pages, listings to look at,
 * error pages of its own. Safe for use by many threads.
 */
final class StaticWeb {
    private static final String DIRECTORY = "application/directory";
    private static final int LISTING_LIMIT = 1000;

    private final Containers containers;
    private final ContainerListing listing;
    private final ObjectReads reads;

    StaticWeb(Containers containers, ContainerListing listing, ObjectReads reads) {
        this.containers = containers;
        this.listing = listing;
        this.reads = reads;
    }

    /** What a container's metadata says of its site; empty strings for what it does not say. */
    private record Site(
            String index, boolean listings, String css, String error, String directoryType) {
        static Site of(Bucket bucket) {
            Map<String, String> settings = bucket.settings();
            return new Site(
                    value(settings, "web-index"),
                    SwiftQuery.saysYes(SettingsChange.metadata(settings, "web-listings")),
                    value(settings, "web-listings-css"),
                    value(settings, "web-error"),
                    value(settings, "web-directory-type"));
        }

        private static String value(Map<String, String> settings, String name) {
            String value = SettingsChange.metadata(settings, name);
            return value == null ? "" : value.strip();
        }

        boolean isOn() {
            return !index.isEmpty() || listings;
        }

        boolean saysAnything() {
            return isOn() || !error.isEmpty();
        }
    }

    /** Whether a request is a visitor's, not a client's. */
    static boolean isVisit(SwiftCall call) {
        boolean reads = call.request().method().equals("GET") || call.request().isHead();
        boolean asked = SwiftQuery.saysYes(call.header("x-web-mode"));
        return reads
                && !call.path().isAccount()
                && call.signed() == null
                && (call.sender() == null || asked);
    }

    /**
     * @return null when the container is no web site, so that the request is answered as any
     */
    @Nullable HttpResponse answer(SwiftCall call) {
        Optional<Bucket> bucket = containers.find(call.account(), call.containerName());
        Site site = bucket.map(Site::of).orElse(null);
        if (bucket.isEmpty() || site == null || !site.saysAnything()) {
            return null;
        }
        if (call.path().isContainer() && !site.isOn()) {
            return null;
        }
        try {
            return call.path().isContainer()
                    ? container(call, bucket.get(), site)
                    : object(call, bucket.get(), site);
        } catch (SwiftRefusal refusal) {
            return error(call, site, refusal);
        }
    }

    private HttpResponse container(SwiftCall call, Bucket bucket, Site site) {
        if (!call.request().http().rawPath().endsWith("/")) {
            return withSlash(call);
        }
        if (!site.index().isEmpty()) {
            SwiftCall index = at(call, site.index());
            if (exists(index)) {
                return reads.get(index);
            }
        }
        return list(call, bucket, site, "");
    }

    private HttpResponse object(SwiftCall call, Bucket bucket, Site site) {
        Optional<ObjectVersion> object =
                containers.current(containers.readable(call), call.objectName());
        if (object.isPresent() && !isDirectory(object.get(), site)) {
            return reads.get(call);
        }
        if (!site.isOn()) {
            throw StatusPage.NOT_FOUND.refusal();
        }
        String name = call.objectName();
        boolean slash = name.endsWith("/");
        String folder = slash ? name : name + "/";
        if (!site.index().isEmpty()) {
            SwiftCall index = at(call, folder + site.index());
            if (exists(index)) {
                return slash ? reads.get(index) : withSlash(call);
            }
        }
        if (slash) {
            return list(call, bucket, site, folder);
        }
        ListingQuery one = new ListingQuery(folder, "/", "", "", 1, false, false);
        if (listing.entries(bucket, one).isEmpty()) {
            throw StatusPage.NOT_FOUND.refusal();
        }
        return withSlash(call);
    }

    private static boolean isDirectory(ObjectVersion object, Site site) {
        String type = site.directoryType().isEmpty() ? DIRECTORY : site.directoryType();
        return object.sizeBytes() <= 1 && ObjectHeaders.contentType(object).equals(type);
    }

    private boolean exists(SwiftCall call) {
        return containers.current(containers.readable(call), call.objectName()).isPresent();
    }

    private static SwiftCall at(SwiftCall call, String object) {
        SwiftPath path =
                new SwiftPath(
                        call.path().prefix(), call.path().account(), call.containerName(), object);
        return new SwiftCall(
                new SwiftRequest(call.request().http(), path),
                call.account(),
                call.sender(),
                call.role(),
                call.signed(),
                null);
    }

    private static HttpResponse withSlash(SwiftCall call) {
        StatusPage page = StatusPage.MOVED_PERMANENTLY;
        return call.page(
                page, call.respond(page.status()).header("Location", place(call.request()) + "/"));
    }

    private static String place(SwiftRequest request) {
        String scheme = request.http().secure() ? "https://" : "http://";
        return scheme + request.http().host() + request.http().rawPath();
    }

    /** The page that the container has for a status, or the status alone. */
    private HttpResponse error(SwiftCall call, Site site, SwiftRefusal refusal) {
        boolean own =
                refusal.page() == StatusPage.NOT_FOUND || refusal.page() == StatusPage.UNAUTHORIZED;
        if (!own || site.error().isEmpty()) {
            throw refusal;
        }
        SwiftCall page = at(call, refusal.page().status() + site.error());
        try {
            Bucket bucket = containers.readable(page);
            ObjectVersion object =
                    containers.current(bucket, page.objectName()).orElseThrow(() -> refusal);
            return reads.linked(page, bucket, object)
                    .whole(page.respond(refusal.page().status()), call.request().isHead());
        } catch (SwiftRefusal denied) {
            throw refusal;
        }
    }

    private HttpResponse list(SwiftCall call, Bucket bucket, Site site, String folder) {
        // Below the container whoever may read may know that nothing is listed.
        if (site.listings() || folder.isEmpty()) {
            containers.listable(call);
        }
        if (!site.listings()) {
            throw StatusPage.NOT_FOUND.refusal();
        }
        ListingQuery query = new ListingQuery(folder, "/", "", "", LISTING_LIMIT, false, false);
        List<Listing.Entry<ObjectVersion>> entries = listing.entries(bucket, query);
        if (entries.isEmpty() && !folder.isEmpty()) {
            throw StatusPage.NOT_FOUND.refusal();
        }
        return call.respond(200)
                .header("Content-Type", "text/html; charset=UTF-8")
                .body(html(call, site, folder, entries).getBytes(StandardCharsets.UTF_8));
    }

    private static String shownPath(SwiftCall call) {
        String path = call.path().canonical();
        return path.endsWith("/") ? path : path + "/";
    }

    private static String html(
            SwiftCall call, Site site, String folder, List<Listing.Entry<ObjectVersion>> entries) {
        String title = "Listing of " + XmlText.escaped(shownPath(call));
        StringBuilder out = new StringBuilder("<!DOCTYPE html>\n<html>\n<head>\n<title>");
        out.append(title).append("</title>\n");
        if (!site.css().isEmpty()) {
            out.append("<link rel=\"stylesheet\" type=\"text/css\" href=")
                    .append(XmlText.quoted(css(site.css(), folder)))
                    .append(" />\n");
        }
        out.append("</head>\n<body>\n<h1 id=\"title\">").append(title).append("</h1>\n");
        out.append("<table id=\"listing\">\n<tr id=\"heading\"><th class=\"colname\">Name</th>")
                .append("<th class=\"colsize\">Size</th><th class=\"coldate\">Date</th></tr>\n");
        if (!folder.isEmpty()) {
            row(out, "item", "../", "", "", "parent");
        }
        for (Listing.Entry<ObjectVersion> entry : entries) {
            String name = entry.name().substring(folder.length());
            ObjectVersion object = entry.item();
            if (object == null) {
                row(out, "item subdir", name, "", "", "");
            } else if (!name.isEmpty()) {
                row(
                        out,
                        "item " + typeClasses(ObjectHeaders.contentType(object)),
                        name,
                        Long.toString(object.sizeBytes()),
                        Times.http(object.writtenMicros()),
                        "");
            }
        }
        return out.append("</table>\n</body>\n</html>\n").toString();
    }

    /** A style sheet's place counts from the root of the container unless it is a whole URL. */
    private static String css(String place, String folder) {
        if (place.startsWith("/") || place.matches("(?i)[a-z]+://.*")) {
            return place;
        }
        long depth = folder.chars().filter(c -> c == '/').count();
        return "../".repeat((int) depth) + Percent.encode(place);
    }

    private static String typeClasses(String contentType) {
        StringBuilder classes = new StringBuilder();
        for (String part : contentType.split(";", -1)[0].split("/", -1)) {
            classes.append(classes.isEmpty() ? "" : " ")
                    .append("type-")
                    .append(part.strip().replaceAll("[^A-Za-z0-9.+-]", ""));
        }
        return classes.toString();
    }

    private static void row(
            StringBuilder out, String type, String name, String size, String date, String id) {
        out.append("<tr ");
        if (!id.isEmpty()) {
            out.append("id=\"").append(id).append("\" ");
        }
        // A name with a colon before any slash would be taken for a URL of its own.
        String place = Percent.encode(name);
        out.append("class=\"").append(type).append("\"><td class=\"colname\"><a href=");
        out.append(XmlText.quoted(place)).append('>').append(XmlText.escaped(name));
        out.append("</a></td><td class=\"colsize\">").append(size);
        out.append("</td><td class=\"coldate\">").append(date).append("</td></tr>\n");
    }
}
