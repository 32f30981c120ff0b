package io.varve.endpoint.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.ExchangeObserver.Exchange;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.server.TestResponses;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

final class RequestMetricsTest {
    private final Metrics metrics = new Metrics();
    private final RequestMetrics requests = new RequestMetrics(metrics);

    private List<String> scrape(String accept) throws IOException {
        HttpResponse response =
                metrics.handle(TestRequest.of("GET", "/metrics").header("Accept", accept).build());
        assertEquals(200, response.status());
        return new String(TestResponses.bytes(response), StandardCharsets.UTF_8).lines().toList();
    }

    private static HttpRequest request(String operation) {
        HttpRequest request = TestRequest.of("GET", "/b/k").build();
        request.notes().protocol("s3");
        request.notes().operation(operation);
        return request;
    }

    @Test
    void countsByProtocolOperationAndStatus() throws IOException {
        requests.completed(new Exchange(request("GetObject"), 200, true, 5, 100, 2_000_000));
        requests.completed(new Exchange(request("GetObject"), 200, true, 6, 100, 90_000_000));
        requests.completed(new Exchange(request("GetObject"), 404, false, 0, 10, 1_000));
        requests.refused(new InetSocketAddress(0), 400, "x");
        List<String> lines = scrape("text/plain");
        String labels = "{operation=\"GetObject\",protocol=\"s3\"";
        assertTrue(
                lines.contains("varve_requests_total" + labels + ",status=\"200\"} 2.0"),
                () -> "" + lines);
        assertTrue(lines.contains("varve_requests_total" + labels + ",status=\"404\"} 1.0"));
        assertTrue(lines.contains("varve_requests_broken_total" + labels + "} 1.0"));
        assertTrue(lines.contains("varve_request_received_bytes_total" + labels + "} 11.0"));
        assertTrue(lines.contains("varve_response_sent_bytes_total" + labels + "} 210.0"));
        assertTrue(
                lines.contains(
                        "varve_request_duration_seconds_bucket" + labels + ",le=\"0.0025\"} 2"));
        assertTrue(lines.contains("varve_connections_refused_total{status=\"400\"} 1.0"));
    }

    @Test
    void speaksOpenMetricsWhenAsked() throws IOException {
        assertEquals("# EOF", scrape("application/openmetrics-text").getLast());
    }

    @Test
    void processFiguresArePlausible() throws IOException {
        ProcessMetrics.register(metrics);
        List<String> lines = scrape("text/plain");
        for (String name :
                List.of("jvm_heap_used_bytes", "process_cpu_seconds_total", "process_open_fds")) {
            double value =
                    lines.stream()
                            .filter(line -> line.startsWith(name + " "))
                            .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                            .findFirst()
                            .orElseThrow();
            assertTrue(value > 0, name);
        }
    }
}
