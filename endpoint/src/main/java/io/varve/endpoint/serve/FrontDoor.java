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
 * <p>Pages ({@code /health/live} and the like) share their paths with objects that a bucket of such
 * a name may have. A request is for the page only when it is a GET or HEAD of exactly that path,
 * has no query and no credentials, and its host names no bucket. So no bucket name is taken away
 * from clients: whoever signs requests reaches a bucket {@code health} as any other.
 */
final class FrontDoor implements HttpHandler {
    private final Map<String, HttpHandler> pages;
    private final FrontEnd frontEnd;
    private final List<String> bucketDomains;

    /** A protocol and what answers it. */
    record FrontEnd(String protocol, HttpHandler handler) {}

    /**
     * @param pages by path
     * @param bucketDomains host names below which a host names a bucket
     */
    FrontDoor(Map<String, HttpHandler> pages, FrontEnd frontEnd, List<String> bucketDomains) {
        this.pages = Map.copyOf(pages);
        this.frontEnd = frontEnd;
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
        request.notes().protocol(frontEnd.protocol());
        return frontEnd.handler().handle(request);
    }

    private boolean isForPage(HttpRequest request) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return reads
                && request.rawQuery().isEmpty()
                && !request.headers().contains("Authorization")
                && !namesBucket(request.host());
    }

    private boolean namesBucket(String host) {
        int colon = host.lastIndexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return bucketDomains.stream().anyMatch(name::endsWith);
    }
}
