package io.varve.endpoint.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.varve.endpoint.server.ExchangeObserver;
import io.varve.endpoint.server.RequestNotes;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests and their time and bytes, by protocol and operation. Labels are names that front
 * ends choose from small sets, never what a client sent. Safe for use by many threads.
 */
public final class RequestMetrics implements ExchangeObserver {
    private static final double NANOS = 1e-9;

    private final Counter requests;
    private final Counter broken;
    private final Counter refused;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Histogram duration;
    private final Map<Kind, Figures> byKind = new ConcurrentHashMap<>();

    public RequestMetrics(Metrics metrics) {
        requests =
                counter(
                        metrics,
                        "varve_requests_total",
                        "Requests answered, by status.",
                        "protocol",
                        "operation",
                        "status");
        broken =
                counter(
                        metrics,
                        "varve_requests_broken_total",
                        "Requests whose connection ended before the whole answer was written.",
                        "protocol",
                        "operation");
        refused =
                counter(
                        metrics,
                        "varve_connections_refused_total",
                        "Connections answered before a request could be read.",
                        "status");
        bytesIn =
                counter(
                        metrics,
                        "varve_request_received_bytes_total",
                        "Bytes of request bodies.",
                        "protocol",
                        "operation");
        bytesOut =
                counter(
                        metrics,
                        "varve_response_sent_bytes_total",
                        "Bytes of responses, heads included.",
                        "protocol",
                        "operation");
        duration =
                Histogram.builder()
                        .name("varve_request_duration_seconds")
                        .help("From the end of a request's head to the end of its response.")
                        .labelNames("protocol", "operation")
                        .classicOnly()
                        .classicUpperBounds(
                                0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                2.5, 5, 10, 30, 60)
                        .withoutExemplars()
                        .register(metrics.registry());
    }

    private static Counter counter(Metrics metrics, String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(metrics.registry());
    }

    /** One protocol's one operation, looked up once for each request. */
    private record Kind(String protocol, String operation) {}

    private final class Figures {
        private final Kind kind;
        private final Map<Integer, CounterDataPoint> byStatus = new ConcurrentHashMap<>();
        private final CounterDataPoint received;
        private final CounterDataPoint sent;
        private final DistributionDataPoint seconds;

        Figures(Kind kind) {
            this.kind = kind;
            this.received = bytesIn.labelValues(kind.protocol(), kind.operation());
            this.sent = bytesOut.labelValues(kind.protocol(), kind.operation());
            this.seconds = duration.labelValues(kind.protocol(), kind.operation());
        }

        void count(Exchange exchange) {
            byStatus.computeIfAbsent(exchange.status(), this::ofStatus).inc();
            seconds.observe(exchange.durationNanos() * NANOS);
            received.inc(exchange.bytesIn());
            sent.inc(exchange.bytesOut());
            if (!exchange.complete()) {
                broken.labelValues(kind.protocol(), kind.operation()).inc();
            }
        }

        private CounterDataPoint ofStatus(int status) {
            return requests.labelValues(
                    kind.protocol(), kind.operation(), Integer.toString(status));
        }
    }

    @Override
    public void completed(Exchange exchange) {
        RequestNotes notes = exchange.request().notes();
        Kind kind = new Kind(orNone(notes.protocol()), orNone(notes.operation()));
        byKind.computeIfAbsent(kind, Figures::new).count(exchange);
    }

    private static String orNone(String name) {
        return name.isEmpty() ? "none" : name;
    }

    @Override
    public void refused(InetSocketAddress remote, int status, String reason) {
        refused.labelValues(Integer.toString(status)).inc();
    }
}
