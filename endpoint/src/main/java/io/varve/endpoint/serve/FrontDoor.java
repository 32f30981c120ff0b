package io.varve.endpoint.serve;

import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Hands each request of a listener to the page or the front end it is for.
 *
 * <p>Front ends are asked in order; the last takes what no other claims. A request that carries an
 * AWS signature is always the last one's, S3's: so no bucket name is taken away from clients that
 * sign.
 *
 * <p>Pages ({@code /health/live} and the like) share their paths with objects that a bucket of such
 * a name may have. A request is for the page only when it is a GET or HEAD of exactly that path,
 * has no query and no credentials, and its host names no bucket. So no bucket name is taken away
 * from clients: whoever signs requests reaches a bucket {@code health} as any other.
 */
final class FrontDoor implements HttpHandler {
    private final Map<String, HttpHandler> pages;
    private final List<FrontEnd> frontEnds;
    private final List<String> bucketDomains;

    /**
     * A protocol and what answers it.
     *
     * @param paths each the whole of a path, or the beginning of one up to a slash; "/" is only
     *     itself, for a client that wants JSON (S3's do not, and list buckets there). With none it
     *     takes every path
     */
    record FrontEnd(String protocol, HttpHandler handler, List<String> paths) {
        FrontEnd {
            paths = List.copyOf(paths);
        }

        FrontEnd(String protocol, HttpHandler handler) {
            this(protocol, handler, List.of());
        }

        private boolean claims(HttpRequest request) {
            String path = request.rawPath();
            for (String own : paths) {
                boolean claimed =
                        own.equals("/")
                                ? path.equals("/") && wantsJson(request)
                                : path.equals(own) || path.startsWith(own + "/");
                if (claimed) {
                    return true;
                }
            }
            return false;
        }

        private static boolean wantsJson(HttpRequest request) {
            return request.headers().firstOr("Accept", "").contains("application/json");
        }
    }

    /**
     * @param pages by path
     * @param frontEnds what is asked first comes first; the last one takes the rest
     * @param bucketDomains host names below which a host names a bucket
     */
    FrontDoor(
            Map<String, HttpHandler> pages, List<FrontEnd> frontEnds, List<String> bucketDomains) {
        this.pages = Map.copyOf(pages);
        this.frontEnds = List.copyOf(frontEnds);
        this.bucketDomains =
                bucketDomains.stream().map(name -> "." + name.toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public HttpResponse handle(HttpRequest request) throws IOException {
        HttpHandler page = pages.get(request.rawPath());
        if (page != null && isForPage(request)) {
            request.notes().protocol("admin");
            return page.handle(request);
        }
        FrontEnd frontEnd = frontEndOf(request);
        request.notes().protocol(frontEnd.protocol());
        return frontEnd.handler().handle(request);
    }

    private FrontEnd frontEndOf(HttpRequest request) {
        if (!isSigned(request) && !namesBucket(request.host())) {
            for (FrontEnd frontEnd : frontEnds) {
                if (frontEnd.claims(request)) {
                    return frontEnd;
                }
            }
        }
        return frontEnds.getLast();
    }

    /** Whether it carries an AWS signature, of whatever version, in a header or in its query. */
    private static boolean isSigned(HttpRequest request) {
        String query = request.rawQuery();
        return request.headers().firstOr("Authorization", "").startsWith("AWS")
                || query.contains("X-Amz-Algorithm=")
                || query.contains("AWSAccessKeyId=");
    }

    private boolean isForPage(HttpRequest request) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return reads
                && request.rawQuery().isEmpty()
                && !request.headers().contains("Authorization")
                && !namesBucket(request.host());
    }

    private boolean namesBucket(String host) {
        if (bucketDomains.isEmpty()) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return bucketDomains.stream().anyMatch(name::endsWith);
    }
}
