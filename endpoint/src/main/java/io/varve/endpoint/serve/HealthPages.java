package io.varve.endpoint.serve;

import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.SiteHealth;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether to restart the process ({@code /health/live}), and whether to send it requests ({@code
 * /health/ready}). Both say why not in a word, and nothing about what is stored.
 */
final class HealthPages {
    static final String LIVE = "/health/live";
    static final String READY = "/health/ready";
    static final String WRITABLE = "/health/writable";
    static final String REPLICA = "/health/replica";

    private final Supplier<SiteHealth> health;
    private volatile boolean leaving;

    HealthPages(Supplier<SiteHealth> health) {
        this.health = health;
    }

    /** The process answers; that is all there is to it. */
    HttpHandler live() {
        return request -> answer(request, 200, "alive");
    }

    /** From now on it is not ready: it serves on, and asks to be sent nothing more. */
    void leave() {
        leaving = true;
    }

    /** Journal, view and enough devices can serve reads and writes. */
    HttpHandler ready() {
        return request -> {
            if (leaving) {
                return answer(request, 503, "not ready: it is being stopped");
            }
            SiteHealth now = health.get();
            return now.ready()
                    ? answer(request, 200, "ready")
                    : answer(request, 503, "not ready: " + reason(now));
        };
    }

    /**
     * Whether changes are taken here: for a balancer that must find the site that leads, and no
     * other.
     */
    HttpHandler writable(BooleanSupplier writable) {
        return request -> {
            boolean takes = health.get().ready() && writable.getAsBoolean();
            return answer(
                    request,
                    takes ? 200 : 503,
                    takes ? "takes changes" : "takes no changes: a standby, or about to find out");
        };
    }

    /** Whether the standby is near enough; of either site of a pair, and of a site without one. */
    static HttpHandler replica(BooleanSupplier tooFarBehind) {
        return request ->
                tooFarBehind.getAsBoolean()
                        ? answer(request, 503, "the standby is further behind than it may be")
                        : answer(request, 200, "near enough");
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
