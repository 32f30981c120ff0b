package io.varve.endpoint.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.DoubleSupplier;
import java.util.function.ObjDoubleConsumer;

/**
 * All metrics of one server, and the handler that writes them in the format a scraper asks for.
 * Safe for use by many threads; register before the first scrape.
 */
public final class Metrics implements HttpHandler {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    PrometheusRegistry registry() {
        return registry;
    }

    /** A value that is looked up at each scrape. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Values by one label, looked up at each scrape. */
    public void gauges(String name, String help, String label, LabelledValues values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(
                        callback -> values.collect((labelValue, v) -> callback.call(v, labelValue)))
                .register(registry);
    }

    /** A count that only grows, looked up at each scrape. */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Counts by one label, looked up at each scrape. */
    public void counters(String name, String help, String label, LabelledValues values) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(
                        callback -> values.collect((labelValue, v) -> callback.call(v, labelValue)))
                .register(registry);
    }

    /** Tells each label value and its figure. */
    @FunctionalInterface
    public interface LabelledValues {
        void collect(ObjDoubleConsumer<String> into);
    }

    @Override
    public HttpResponse handle(HttpRequest request) throws IOException {
        ExpositionFormatWriter writer =
                formats.findWriter(request.headers().firstOr("Accept", "text/plain"));
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        writer.write(out, registry.scrape());
        return HttpResponse.status(200)
                .header("Content-Type", writer.getContentType())
                .body(out.toByteArray());
    }
}
