package io.varve.endpoint.serve;

import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.SiteHealth;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Whether to restart the process ({@code /health/live}), and whether to send it requests ({@code
 * /health/ready}). Both say why not in a word, and nothing about what is stored.
 */
final class HealthPages {
    static final String LIVE = "/health/live";
    static final String READY = "/health/ready";

    private final Supplier<SiteHealth> health;

    HealthPages(Supplier<SiteHealth> health) {
        this.health = health;
    }

    /** The process answers; that is all there is to it. */
    HttpHandler live() {
        return request -> answer(request, 200, "alive");
    }

    /** Journal, view and enough devices can serve reads and writes. */
    HttpHandler ready() {
        return request -> {
            SiteHealth now = health.get();
            return now.ready()
                    ? answer(request, 200, "ready")
                    : answer(request, 503, "not ready: " + reason(now));
        };
    }

    private static String reason(SiteHealth health) {
        return health.fault().isPresent()
                ? "the journal or the view has stopped"
                : "%d of %d devices are up, %d are needed"
                        .formatted(
                                health.devicesUp(),
                                health.deviceCount(),
                                health.writableDevicesMin());
    }

    private static HttpResponse answer(HttpRequest request, int status, String text) {
        request.notes().operation("Health");
        return HttpResponse.status(status)
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("Cache-Control", "no-store")
                .body((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
